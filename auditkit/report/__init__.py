"""What people and programs are given of an audit: files, charts, the page; it judges nothing."""
