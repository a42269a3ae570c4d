"""Builds the register's Excel and Word layouts; an office then changes them in Excel or Word, not here."""

import docx
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from auditkit.register.figures import ACTS, COUNTED, FOLLOWED, FOUND, MONEY
from auditkit.register.templates import FOLDER

THIN = Side(style="thin", color="808080")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="DDEBF7")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAP = Alignment(vertical="top", wrap_text=True)

LEDGER = {
    "序号": 6, "编号": 15, "线索来源": 9, "县区": 9, "小区": 16, "物业企业": 18, "问题类别": 12, "问题描述": 40,
    "涉及金额(元)": 14, "依据条款": 16, "牵头单位": 12, "责任人": 9, "完成时限": 11, "整改措施": 20, "进展": 20,
    "是否属实": 10, "整改状态": 10, "追回金额(元)": 13, "移送": 16, "处罚": 14, "销号": 12, "备注": 12,
}  # fmt: skip
PROBLEMS = {
    k: LEDGER[k]
    for k in (
        "序号",
        "编号",
        "线索来源",
        "县区",
        "小区",
        "物业企业",
        "问题类别",
        "问题描述",
        "涉及金额(元)",
        "依据条款",
    )
} | {"严重度": 8}
RECTIFICATION = {
    "序号": 6, "编号": 15, "小区": 16, "问题描述": 44, "责任人": 10, "整改措施": 26, "完成时限": 11, "整改情况": 26,
    "证据": 22, "复核结论": 16, "整改状态": 10,
}  # fmt: skip


def sheet(name, title, columns, *, sub="", foot="", landscape=True):
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = title
    last = len(columns)
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    ws.cell(1, 1, "{{活动名称}}" + title).font = Font(name="宋体", size=18, bold=True)
    ws.cell(1, 1).alignment = MIDDLE
    ws.row_dimensions[1].height = 32
    ws.merge_cells(start_row=2, start_column=1, end_row=2, end_column=last)
    ws.cell(
        2, 1, sub or "填报单位: {{填报单位}}        统计期间: {{周起}} 至 {{周止}}        报送时限: {{报送时限}}"
    ).font = Font(name="宋体", size=11)
    for i, (word, width) in enumerate(columns.items(), 1):
        cell = ws.cell(3, i, word)
        cell.font, cell.fill, cell.border, cell.alignment = Font(name="宋体", size=11, bold=True), HEAD, BOX, MIDDLE
        row = ws.cell(4, i, "{{" + word + "}}")
        row.font, row.border, row.alignment = Font(name="宋体", size=10), BOX, WRAP
        if "金额" in word:
            row.number_format = "#,##0.00"
        ws.column_dimensions[get_column_letter(i)].width = width
    if foot:
        ws.merge_cells(start_row=6, start_column=1, end_row=6, end_column=last)
        ws.cell(6, 1, foot).font = Font(name="宋体", size=11)
    ws.freeze_panes = "A4"
    ws.page_setup.orientation = "landscape" if landscape else "portrait"
    ws.page_setup.paperSize = ws.PAPERSIZE_A3 if sum(columns.values()) > 220 else ws.PAPERSIZE_A4
    ws.page_margins.left = ws.page_margins.right = 0.3
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_title_rows = "1:3"
    ws.oddFooter.center.text = "第 &P 页 共 &N 页"
    book.save(FOLDER / name)


def summary():
    """Two lines a county: this week over to date; groups of columns under merged heads."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "情况汇总表"
    groups = {"小区": COUNTED, "发现问题分类": FOUND, "核查整改": FOLLOWED, "金额(元)": MONEY, "处理": ACTS}
    columns = [name for names in groups.values() for name in names]
    last = len(columns) + 2
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    ws.cell(1, 1, "{{活动名称}}情况汇总表").font = Font(name="宋体", size=18, bold=True)
    ws.cell(1, 1).alignment = MIDDLE
    ws.row_dimensions[1].height = 32
    ws.merge_cells(start_row=2, start_column=1, end_row=2, end_column=last)
    ws.cell(
        2, 1, "填报单位: {{填报单位}}        统计期间: {{周起}} 至 {{周止}}        报送时限: {{报送时限}}"
    ).font = Font(name="宋体", size=11)
    for i, word in enumerate(("县区", "口径"), 1):
        ws.merge_cells(start_row=3, start_column=i, end_row=4, end_column=i)
        ws.cell(3, i, word)
    at = 3
    for group, names in groups.items():
        ws.merge_cells(start_row=3, start_column=at, end_row=3, end_column=at + len(names) - 1)
        ws.cell(3, at, group)
        for j, name in enumerate(names):
            ws.cell(4, at + j, name.removeprefix("发现") if name in FOUND else name)
            ws.cell(5, at + j, "{{" + name + "}}")
            ws.column_dimensions[get_column_letter(at + j)].width = 13 if name in MONEY else 8
        at += len(names)
    ws.cell(5, 1, "{{县区}}")
    ws.cell(5, 2, "{{口径}}")
    ws.column_dimensions["A"].width = 12
    ws.row_dimensions[4].height = 44
    for row in (3, 4, 5):
        for i in range(1, last + 1):
            cell = ws.cell(row, i)
            cell.border, cell.alignment = BOX, MIDDLE
            cell.font = Font(name="宋体", size=10, bold=row < 5)
            if row < 5:
                cell.fill = HEAD
            elif columns[i - 3] in MONEY and i > 2:
                cell.number_format = "#,##0.00"
    ws.merge_cells(start_row=7, start_column=1, end_row=7, end_column=last)
    ws.cell(
        7,
        1,
        "注: 涉及金额为已有确切数额的疑点, 线索金额为待核实的估计上限, 两者不相加; 同一事项涉及多条规则的只计一次。填表人:            审核人:            ",
    )
    ws.cell(7, 1).font = Font(name="宋体", size=10)
    ws.freeze_panes = "C5"
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = ws.PAPERSIZE_A3
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_title_rows = "1:4"
    book.save(FOLDER / "情况汇总表.xlsx")


def document(name, paragraphs):
    """A paper in official layout (GB/T 9704): A4, margins 37/35/28/26 mm, body 仿宋 16 pt on a fixed 28.95 pt line."""
    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for kind, text in paragraphs:
        p = paper.add_paragraph()
        run = p.add_run(text)
        face, size = {"title": ("方正小标宋简体", 22), "head": ("黑体", 16), "plain": ("仿宋_GB2312", 16),
                      "list": ("仿宋_GB2312", 16), "issue": ("仿宋_GB2312", 16), "sign": ("仿宋_GB2312", 16)}[kind]  # fmt: skip
        run.font.name, run.font.size = face, Pt(size)
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
        p.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        p.paragraph_format.line_spacing = Pt(36 if kind == "title" else 28.95)
        p.paragraph_format.space_after = Pt(0)
        if kind in ("title", "issue"):
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif kind == "sign":
            p.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            p.paragraph_format.first_line_indent = Pt(32)
    paper.save(FOLDER / name)


def main():
    FOLDER.mkdir(exist_ok=True)
    sheet("工作台账.xlsx", "工作台账", LEDGER)
    sheet("问题清单.xlsx", "问题清单", PROBLEMS)
    sheet("整改台账.xlsx", "整改台账", RECTIFICATION)
    summary()
    document("工作简报.docx", [
        ("title", "{{活动名称}}工作简报"),
        ("issue", "第{{期数}}期（{{周起}}至{{周止}}）"),
        ("plain", ""),
        ("head", "一、工作进展"),
        ("plain", "截至{{周止}}，纳入台账小区{{小区总数}}个，已排查{{已排查}}个（本周新增{{本周已排查}}个）。累计发现问题{{发现问题}}件（本周{{本周发现问题}}件），经核查属实{{属实}}件（本周{{本周属实}}件），已整改{{已整改}}件（本周{{本周已整改}}件），整改中{{整改中}}件，逾期未整改{{逾期}}件。"),
        ("plain", "已有确切数额的疑点涉及金额{{涉及金额}}元，待核实线索估计上限{{线索金额}}元，两者不相加。累计追回{{追回金额}}元（本周{{本周追回金额}}元）。移送{{移送}}件，立案处罚{{立案处罚}}件，约谈{{约谈}}次，曝光{{曝光}}起。"),
        ("head", "二、问题分布"),
        ("list", "{{#分类}}{{类别}}{{件数}}件，本周{{本周件数}}件。"),
        ("head", "三、典型案例"),
        ("list", "{{#案例}}{{序}}. {{小区代称}}：{{事实}}（依据：{{依据}}；目前状态：{{状态}}。）"),
        ("head", "四、存在问题"),
        ("list", "{{#逾期清单}}{{编号}}应于{{完成时限}}前完成整改，现状态为{{状态}}，责任人{{责任人}}。"),
        ("plain", "{{无逾期}}"),
        ("head", "五、下步工作"),
        ("plain", "（由办公室填写）"),
        ("plain", ""),
        ("sign", "{{填报单位}}"),
        ("sign", "{{报送时限}}"),
    ])  # fmt: skip
    document("典型案例通报.docx", [
        ("title", "关于{{小区代称}}公共收益问题的典型案例通报"),
        ("plain", ""),
        ("head", "一、基本事实"),
        ("list", "{{#事实}}{{事实}}"),
        ("head", "二、依据"),
        ("plain", "{{依据}}"),
        ("head", "三、处理情况"),
        ("list", "{{#处理}}{{日期}}，{{动作}}。"),
        ("plain", ""),
        ("sign", "{{填报单位}}"),
    ])  # fmt: skip
    document("总结报告.docx", [
        ("title", "{{活动名称}}总结报告"),
        ("plain", ""),
        ("head", "一、总体情况"),
        ("plain", "自{{开始}}至{{周止}}，纳入台账小区{{小区总数}}个，排查{{已排查}}个，公示小区{{公示小区}}个，设立专户小区{{专户小区}}个；发现问题{{发现问题}}件，属实{{属实}}件，已整改{{已整改}}件，整改中{{整改中}}件，逾期{{逾期}}件。"),
        ("plain", "已有确切数额的疑点涉及金额{{涉及金额}}元，追回{{追回金额}}元，罚款{{罚款金额}}元。"),
        ("head", "二、分县区情况"),
        ("list", "{{#县区}}{{县区}}：发现问题{{发现问题}}件，属实{{属实}}件，已整改{{已整改}}件，追回{{追回金额}}元。"),
        ("head", "三、问题分类"),
        ("list", "{{#分类}}{{类别}}{{件数}}件。"),
        ("head", "四、尚未完成的事项"),
        ("list", "{{#未完}}{{编号}}（{{状态}}）：{{事实}}"),
        ("head", "五、长效机制"),
        ("plain", "（由办公室填写）"),
        ("plain", ""),
        ("sign", "{{填报单位}}"),
        ("sign", "{{报送时限}}"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
