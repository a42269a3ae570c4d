"""艾科（AKE）出场记录."""

from auditkit.read.importers import Importer

IMPORTER = Importer(
    "parking-ake-exits",
    "艾科（AKE）出场记录",
    "parking",
    header=("record_number", "enter_time", "leave_time", "amount_receivable", "actual_receivable"),
    columns={
        "session_id": "record_number",
        "plate": ("license_number", "plate_number", "plate", "last_correct_license_number"),
        "entry": "enter_time",
        "exit": "leave_time",
        "due": "amount_receivable",
        "paid": "actual_receivable",
        "method": "payment_mode",
        "operator": "toll_collector_name",
    },
)
