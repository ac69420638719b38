"""What the command says, in both languages. Sentences of errors live with the errors."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable
from typing import Literal

Lang = Literal["zh", "en"]

_TEXTS: dict[str, tuple[str, str]] = {
    "read": (
        "已读取：输入 {inputs} = 新载入 {loaded} + 未变 {unchanged} + 隔离 {quarantined}（{seconds:.1f} 秒）",
        "Read: {inputs} inputs = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined ({seconds:.1f} s)",
    ),
    "reading_rate": (
        "每秒 {rate:.1f} 份，隔离 {quarantined}",
        "{rate:.1f} a second, {quarantined} quarantined",
    ),
    "reading_line": (
        "读取中：{done}/{total}（{rate}）",
        "Reading: {done} of {total} ({rate})",
    ),
    "quarantined": ("  隔离 [{code}] {message}", "  quarantined [{code}] {message}"),
    "more_quarantined": ("  ……另有 {count} 份", "  … and {count} more"),
    "note": ("  注意 {message}", "  note: {message}"),
    "damaged": ("  已载入但不完整 {file}：{message}", "  loaded but incomplete {file}: {message}"),
    "values_changed": (
        "  已知文件重新读取后有 {values} 个值不同：{fields}；旧值与新值见 rpt_reextraction_changes",
        "  {values} values of known documents were read otherwise: {fields}; old and new: rpt_reextraction_changes",
    ),
    "warnings": (
        "  {reports} 份新报告中有 {warnings} 条提示，见 fct_warning",
        "  {warnings} warnings in {reports} new reports: see fct_warning",
    ),
    "batch_check": (
        "  批次检查 {name}（{subject}）：{failed} 行可疑",
        "  batch check {name} ({subject}): {failed} doubtful rows",
    ),
    "built": (
        "已构建：模型 {models}，参考表 {seeds}；检查通过 {passed}，提示 {warned}，未通过 {failed}"
        "（{seconds:.1f} 秒，其中 dbt 启动 {startup:.1f} 秒）",
        "Built: {models} models, {seeds} reference tables; checks: {passed} passed, {warned} warned, {failed} failed "
        "({seconds:.1f} s, {startup:.1f} s of them dbt's start)",
    ),
    "built_changed": (
        "已按新数据更新：表 {models}；检查通过 {passed}，提示 {warned}，未通过 {failed}"
        "（{seconds:.1f} 秒，其中 dbt 启动 {startup:.1f} 秒）",
        "Updated with the new data: {models} tables; checks: {passed} passed, {warned} warned, {failed} failed "
        "({seconds:.1f} s, {startup:.1f} s of them dbt's start)",
    ),
    "checked": (
        "已检查：通过 {passed}，提示 {warned}，未通过 {failed}（{seconds:.1f} 秒）",
        "Checked: {passed} passed, {warned} warned, {failed} failed ({seconds:.1f} s)",
    ),
    "check_failed": ("  未通过 {name}（{subject}）：{message}", "  failed {name} ({subject}): {message}"),
    "check_warned": ("  提示 {name}（{subject}）：{message}", "  warned {name} ({subject}): {message}"),
    "checks_none": ("没有未通过的检查。", "No check has failed."),
    "check_found_error": ("未通过，阻止发布", "failed, stops the release"),
    "check_found_limit": ("须有人签认后才能发布", "waits for a sign-off"),
    "check_found_critical": ("未通过，相应文件未载入", "failed, its documents were kept out"),
    "check_found_warn": ("提示", "warned"),
    "check_found_warning": ("提示", "warned"),
    "check_heading": (
        "{found}：{name}（{subject}），共 {count} 行",
        "{found}: {name} ({subject}), rows that fail: {count}",
    ),
    "check_heading_broken": ("{found}：{name}（{subject}），未能执行", "{found}: {name} ({subject}), could not be run"),
    "check_meaning": ("  应当：{meaning}", "  What it asks for: {meaning}"),
    "check_more_rows": (
        "  ……共 {count} 行，此处 {shown} 行；--limit 0 显示保留的全部（至多 {most} 行）",
        "  … {shown} of {count} rows; --limit 0 shows all that are kept ({most} at most)",
    ),
    "check_next": ("  下一步：{step}", "  Next: {step}"),
    "check_means_is_key": (
        "{column} 每行都有值，且各不相同。",
        "{column} says something in every row, and never the same twice.",
    ),
    "check_means_unique": ("{column} 的值各不相同。", "{column} never says the same twice."),
    "check_means_not_null": ("{column} 每行都有值。", "{column} says something in every row."),
    "check_means_accepted_values": (
        "{column} 只取下列值：{values}。",
        "{column} says one of these, or nothing: {values}.",
    ),
    "check_means_relationships": (
        "{column} 的每个值都在 {parent} 中。",
        "Every value of {column} stands in {parent}.",
    ),
    "check_means_vanished_project": (
        "读者现有的项目在新版本中都还在，除非有人签认。",
        "Every project that readers have is still there, unless somebody signs.",
    ),
    "check_means_vanished_report": (
        "读者现有的报告在新版本中都还在，除非有人签认。",
        "Every report that readers have is still there, unless somebody signs.",
    ),
    "check_means_swing_executed_yuan": (
        "一县一年的执行数合计变动不超过 {unexplained}（报告有修订的不超过 {revised}），除非有人签认。",
        "The outlay of a county and year moves by {unexplained} at most, by {revised} where reports were revised, "
        "unless somebody signs.",
    ),
    "check_means_swing_budget_yuan": (
        "一县一年的预算数合计变动不超过 {unexplained}（报告有修订的不超过 {revised}），除非有人签认。",
        "The budget of a county and year moves by {unexplained} at most, by {revised} where reports were revised, "
        "unless somebody signs.",
    ),
    "check_next_limit": (
        "用 fundperf release diff --build 查看；确认无误后运行 fundperf release sign-off --by 姓名 --reason 理由。",
        "`fundperf release diff --build` shows them; if they are right, "
        "`fundperf release sign-off --by NAME --reason WHY`.",
    ),
    "check_next_page": ("打开 {path} 查看该批次的全部检查。", "{path} shows every check of that batch."),
    "check_next_rejected": (
        "改正文件或记录后重新导入：fundperf run 文件夹。",
        "Put the document or record right and load it again: `fundperf run FOLDER`.",
    ),
    "check_next_doubtful": (
        "对照原文件；读错的值可用 fundperf review 更正。",
        "Compare with the document; `fundperf review` corrects a value that was misread.",
    ),
    "check_next_stopped": (
        "通过之前不会发布，读者仍使用原有版本。对照原文件，读错的值可用 fundperf review 更正；"
        "若文件无误，则是模型有误，请报告。",
        "Nothing is published until it passes; readers keep what they have. Compare with the document: "
        "`fundperf review` corrects a value that was misread; where the document is right the models are wrong: "
        "please report it.",
    ),
    "check_next_misfit": (
        "在 {path} 中改正或删去这些行，再运行 fundperf run。",
        "Put these lines of {path} right or delete them, then run `fundperf run`.",
    ),
    "check_next_withdrawn": ("在 {path} 中改正文件名。", "Put the names in {path} right."),
    "check_next_lineage": (
        "fundperf lineage {column} 显示该列的来源。",
        "`fundperf lineage {column}` shows what it is made of.",
    ),
    "check_next_trace": (
        "fundperf trace 加 fact_id 显示原文。",
        "`fundperf trace` with a fact_id shows the sentence.",
    ),
    "checks_not_run": (
        "  另有 {count} 项检查因上述问题未能运行",
        "  {count} more checks could not be run because of these",
    ),
    "nothing_changed": (
        "自版本 {release} 以来没有变化，未重新构建（--force 可强制构建）。",
        "Nothing changed since release {release}: not built again (--force builds anyway).",
    ),
    "rolled_back": (
        "注意：读者使用的是回退后的版本 {current}；fundperf release rollback {newest} 可切换到最新版本。",
        "Note: readers use release {current} after a rollback; "
        "`fundperf release rollback {newest}` switches to the newest.",
    ),
    "published": (
        "已发布：版本 {release}（{seconds:.1f} 秒）\n  {path}",
        "Published: release {release} ({seconds:.1f} s)\n  {path}",
    ),
    "stages": ("各阶段用时：{stages}；共 {seconds:.1f} 秒", "Stages: {stages}; {seconds:.1f} s in all"),
    "stage_named_read": ("读取 {seconds:.1f} 秒", "read {seconds:.1f} s"),
    "stage_named_land": ("入库 {seconds:.1f} 秒", "land {seconds:.1f} s"),
    "stage_named_check": ("批次检查 {seconds:.1f} 秒", "check {seconds:.1f} s"),
    "stage_named_build": ("构建 {seconds:.1f} 秒", "build {seconds:.1f} s"),
    "stage_named_publish": ("发布 {seconds:.1f} 秒", "publish {seconds:.1f} s"),
    "notify_failed": (
        "通知命令未成功：{reason}。本次运行的结果不受影响。",
        "The notify command did not succeed: {reason}. The result of the run stays as it is.",
    ),
    "diff_title": ("{before} → {after}：", "{before} → {after}:"),
    "diff_since": ("与版本 {before} 相比：", "Since release {before}:"),
    "diff_none": ("  没有差别。", "  Nothing differs."),
    "diff_reports": (
        "报告：新增 {appeared}，消失 {vanished}，变动 {moved}",
        "reports: {appeared} appeared, {vanished} vanished, {moved} moved",
    ),
    "diff_projects": (
        "项目：新增 {appeared}，消失 {vanished}",
        "projects: {appeared} appeared, {vanished} vanished",
    ),
    "diff_counties": (
        "县（市、区）：新增 {appeared}，消失 {vanished}",
        "counties: {appeared} appeared, {vanished} vanished",
    ),
    "diff_documents": (
        "文件：新增 {appeared}，消失 {vanished}",
        "documents: {appeared} appeared, {vanished} vanished",
    ),
    "diff_causes": ("原因：{causes}", "why: {causes}"),
    "diff_county_years": ("按县（市、区）和年度：", "By county and year:"),
    "diff_column_county": ("县（市、区）", "County"),
    "diff_column_year": ("年度", "Year"),
    "diff_column_kind": ("种类", "Kind"),
    "diff_column_reports_before": ("原报告数", "Reports before"),
    "diff_column_reports_after": ("现报告数", "after"),
    "diff_column_appeared": ("新增", "New"),
    "diff_column_vanished": ("消失", "Gone"),
    "diff_column_moved": ("变动", "Moved"),
    "diff_column_executed_before": ("原执行数（元）", "Spent ¥ before"),
    "diff_column_executed_after": ("现执行数（元）", "after"),
    "diff_whole_county": ("整县新增或消失：", "Counties that are new or gone:"),
    "diff_whole_project": ("整个项目新增或消失：", "Projects that are new or gone:"),
    "diff_whole": (
        "{sign} {name}：{years}，报告 {reports} 份，执行 {executed} 元 [{causes}]",
        "{sign} {name}: {years}, {reports} reports, executed ¥{executed} [{causes}]",
    ),
    "diff_reports_appeared": ("新增的报告：", "Reports that appeared:"),
    "diff_reports_vanished": ("消失的报告：", "Reports that vanished:"),
    "diff_reports_moved": ("变动的报告：", "Reports that moved:"),
    "diff_same_figures": ("数字相同", "the figures are the same"),
    "diff_more_figures": (
        "……另有 {count} 个数字（--limit 0 全部显示）",
        "… {count} more figures (--limit 0 shows all)",
    ),
    "diff_more": ("  ……另有 {count} 行（--limit 0 全部显示）", "  … {count} more rows (--limit 0 shows all)"),
    "diff_other_reports": (
        "  另有 {count} 份报告仅因其他报告变动而判断不同",
        "  {count} more reports are only judged differently because of other reports",
    ),
    "diff_documents_only": (
        "新增或消失、但其报告不作数或没有报告的文件：",
        "Documents that are new or gone and whose reports do not count, or that have none:",
    ),
    "diff_tables": ("表结构变动 {count} 处：", "{count} changes of columns:"),
    "diff_cut": (
        "清单过长，只保留了一部分；各项计数是完整的。",
        "The lists are too long and hold only a part; the counts are complete.",
    ),
    "cause_new_document": ("新文件", "new document"),
    "cause_revised": ("修订", "revised"),
    "cause_withdrawn": ("撤回", "withdrawn"),
    "cause_document_gone": ("文件不在了", "the document is gone"),
    "cause_corrected": ("人工更正", "corrected by a person"),
    "cause_reread": ("重新读取结果不同", "read anew with another result"),
    "cause_program": ("程序或模型更新", "program or models changed"),
    "cause_reference": ("自备参考数据更改", "own reference data changed"),
    "cause_program_or_reference": ("程序、模型或自备参考数据更改", "program, models or own reference data changed"),
    "cause_other_reports": ("其他报告变动", "other reports changed"),
    "cause_unknown": ("原因不明", "cause not known"),
    "kind_project_self_evaluation": ("项目自评", "project"),
    "kind_department_self_evaluation": ("部门整体自评", "department"),
    "kind_transfer_self_evaluation": ("转移支付自评", "transfer"),
    "kind_external_evaluation": ("外部评价", "external"),
    "kind_target_declaration": ("目标申报", "target"),
    "kind_unknown": ("种类不明", "unknown"),
    "measure_fiscal_year": ("年度", "year"),
    "measure_county": ("县（市、区）", "county"),
    "measure_unit_name": ("单位", "unit"),
    "measure_project_name": ("项目名称", "project name"),
    "measure_kind": ("文件种类", "kind"),
    "measure_programme_family": ("专项类别", "programme"),
    "measure_programme_sub_type": ("专项类型", "sub-type"),
    "measure_budget_yuan": ("预算数（元）", "budget ¥"),
    "measure_budget_stage": ("预算口径", "budget is the"),
    "measure_received_yuan": ("到位数（元）", "received ¥"),
    "measure_executed_yuan": ("执行数（元）", "executed ¥"),
    "measure_execution_rate": ("执行率", "execution rate"),
    "measure_execution_rate_on_received": ("执行率（按到位数）", "execution rate on received funds"),
    "measure_stated_execution_rate": ("报告所载执行率", "stated execution rate"),
    "measure_stated_total_points": ("自评总分", "stated total"),
    "measure_recomputed_total_points": ("复算总分", "recomputed total"),
    "measure_stated_grade": ("等级", "grade"),
    "measure_derived_grade": ("按总分的等级", "grade by the total"),
    "measure_n_indicators": ("指标数", "indicators"),
    "measure_indicator_attainment_rate": ("指标得分率", "attainment rate"),
    "measure_funding": ("资金（元）", "money ¥"),
    "measure_indicator": ("指标", "indicator"),
    "measure_indicator_target_text": ("指标目标值", "target of"),
    "measure_indicator_actual_text": ("指标完成值", "actual of"),
    "measure_indicator_attainment_ratio": ("指标完成比率", "attainment of"),
    "measure_indicator_weight_points": ("指标分值", "weight of"),
    "measure_indicator_stated_score_points": ("指标得分", "score of"),
    "measure_red_flag": ("疑点", "red flag"),
    "finding_vanished_project": ("项目消失：{subject}（{before}）", "project vanished: {subject} ({before})"),
    "finding_vanished_report": ("报告消失：{subject}（{before}）", "report vanished: {subject} ({before})"),
    "finding_swing_executed_yuan": (
        "执行数合计变动过大：{subject}，{before} → {after} 元",
        "executed total swings: {subject}, ¥{before} → {after}",
    ),
    "finding_swing_budget_yuan": (
        "预算数合计变动过大：{subject}，{before} → {after} 元",
        "budget total swings: {subject}, ¥{before} → {after}",
    ),
    "sign_off_none": ("没有等待签认的内容。", "Nothing waits for a sign-off."),
    "signed_off": (
        "已签认 {count} 处（{path}）。运行 fundperf run 即可发布。",
        "{count} findings signed off ({path}). `fundperf run` publishes.",
    ),
    "status_sign_off": (
        "自 {since} 起有新的构建等待签认，读者仍使用 {release}：",
        "A build waits for a sign-off since {since}; readers keep {release}:",
    ),
    "status_sign_off_next": (
        '  查看：fundperf release diff --build；签认：fundperf release sign-off --by 姓名 --reason "理由"',
        '  See `fundperf release diff --build`; sign with `fundperf release sign-off --by NAME --reason "WHY"`',
    ),
    "more_findings": ("  ……另有 {count} 处", "  … and {count} more"),
    "verified_right": ("  相符 {what}", "  right {what}"),
    "verified_missing": ("  缺失 {what}", "  missing {what}"),
    "verified_bytes": ("  大小不符 {what}：{detail}", "  other size {what}: {detail}"),
    "verified_sha256": ("  内容不符 {what}：{detail}", "  other content {what}: {detail}"),
    "verified_unreadable": ("  无法打开 {what}：{detail}", "  cannot be opened {what}: {detail}"),
    "verified_row_counts": ("  行数不符 {what}：{detail}", "  other row counts {what}: {detail}"),
    "verified_schema": ("  表结构不符 {what}", "  other columns {what}"),
    "verified": ("版本 {release} 与其清单相符。", "Release {release} is what its manifest says."),
    "verified_not": (
        "版本 {release} 有 {count} 处与清单不符：请勿使用，改用另一版本（fundperf release rollback）或从备份恢复。",
        "Release {release} differs from its manifest in {count} places: do not use it; roll back to another one "
        "(`fundperf release rollback`) or restore it from a copy.",
    ),
    "pruned": ("已删除 {release}", "Removed {release}"),
    "prune_would": ("将删除 {release}（{path}）", "Would remove {release} ({path})"),
    "pruned_none": ("没有可删除的版本。", "There is nothing to remove."),
    "now_current": ("读者现在使用版本 {release}。", "Readers now use release {release}."),
    "stage_read": ("读取材料", "reading"),
    "stage_build": ("构建模型并检查", "building and checking"),
    "stage_check": ("检查", "checking"),
    "stage_ask": ("查询", "asking"),
    "stage_as_of": ("还原当时所知的内容（首次需构建模型）", "building what was known then (the first time)"),
    "comparison": ("项目年度对照", "Project-years side by side"),
    "more_rows": (
        '……另有 {count} 行：fundperf sql "from marts.rpt_project_years"',
        '… and {count} more rows: fundperf sql "from marts.rpt_project_years"',
    ),
    "pair": ("{later} ↔ {earlier}：支出之比 {ratio}", "{later} ↔ {earlier}: executed ×{ratio}"),
    "pair_growth": ("实际增长率 {growth}", "real growth {growth}"),
    "pair_refused": ("不给增长率：{reasons}", "no growth rate: {reasons}"),
    "refused": ("{code}：{reason}。", "{code}: {reason}."),
    "next": ("接下来可以输入：", "What to type next:"),
    "cut": (
        "仅显示前 {limit} 行；--limit 0 显示全部。",
        "Only the first {limit} rows are shown; --limit 0 shows all.",
    ),
    "cut_to_fit": (
        "表格只容得下前 {limit} 行；用 --format csv --output 文件名 写出全部。",
        "Only the first {limit} rows fit a table; --format csv --output FILE writes all.",
    ),
    "written": ("已写入 {count} 行：{path}", "Wrote {count} rows: {path}"),
    "status_release": (
        "版本 {release}，发布于 {published_at}（{age}）",
        "Release {release}, published {published_at} ({age})",
    ),
    "status_none": ("还没有已发布的版本。", "Nothing is published yet."),
    "status_file": ("文件：{path}", "File: {path}"),
    "status_open": (
        '只读打开：duckdb -readonly "{path}"，或 Python 中 warehouse.connect()',
        'Open it read-only: duckdb -readonly "{path}", or warehouse.connect() in Python',
    ),
    "status_rows": ("各表行数：{rows}", "Rows: {rows}"),
    "status_checks": ("检查：通过 {passed}，提示 {warned}", "Checks: {passed} passed, {warned} warned"),
    "status_coverage": ("县（市、区）与年度（项目数）：", "Counties and years (projects):"),
    "status_own": (
        "自备参考数据 {table}：{count} 行，已用于本版本",
        "Own reference data {table}: {count} lines, used by this release",
    ),
    "status_own_waiting": (
        "自备参考数据 {table}：现有 {count} 行，与本版本所用不同。请运行 fundperf build",
        "Own reference data {table}: {count} lines now, the release used others. Run `fundperf build`",
    ),
    "status_load": (
        "最近一次导入 {finished_at}：输入 {inputs} = 新载入 {loaded} + 未变 {unchanged} + 隔离 {quarantined}",
        "Last load {finished_at}: {inputs} inputs = {loaded} loaded + {unchanged} unchanged + "
        "{quarantined} quarantined",
    ),
    "status_waiting": ("等待人工处理 {count} 份：", "Waiting for a person: {count}"),
    "status_waiting_none": ("没有等待处理的材料。", "Nothing is waiting."),
    "status_running": (
        "正在运行：{command}，{owner}，始于 {started_at}（{age}）",
        "Running now: {command}, {owner}, since {started_at} ({age})",
    ),
    "status_last_run": (
        "最近一次运行 {started_at}（{command}）：{outcome}，退出码 {exit_code}（{stages}）",
        "Last run {started_at} ({command}): {outcome}, exit code {exit_code} ({stages})",
    ),
    "status_too_old": (
        "{hours:g} 小时内没有成功的运行（fundperf runs 查看记录）。",
        "No run has succeeded within {hours:g} hours (`fundperf runs` shows the history).",
    ),
    "runs_none": ("还没有运行记录。", "There was no run yet."),
    "outcome_done": ("完成", "done"),
    "outcome_people_needed": ("完成，需要人工处理", "done, people needed"),
    "outcome_failed": ("失败", "failed"),
    "outcome_interrupted": ("被中断", "interrupted"),
    "outcome_running": ("进行中", "running"),
    "age_minutes": ("{count} 分钟前", "{count} minutes ago"),
    "age_hours": ("{count} 小时前", "{count} hours ago"),
    "age_days": ("{count} 天前", "{count} days ago"),
    "unknown": ("（未写明）", "(not stated)"),
    "trace_sentence": ("原文", "Sentence"),
    "trace_manifest": ("由清单说明，文中没有", "stated by a manifest, not by the document"),
    "trace_file": ("文件", "File"),
    "trace_place": (
        "字符 {start}–{end}{page}，方法 {method}，置信度 {confidence:g}，{verified}",
        "characters {start}–{end}{page}, method {method}, confidence {confidence:g}, {verified}",
    ),
    "trace_page": ("，第 {page} 页", ", page {page}"),
    "trace_verified": ("与原文一致", "verified against the text"),
    "trace_differs": ("与原文不一致！", "NOT what the text says there!"),
    "trace_no_text": ("未保存原文", "the text was not kept"),
    "trace_steps": ("步骤", "Steps"),
    "metric_name": ("名称", "Name"),
    "metric_label": ("中文名", "Chinese name"),
    "metric_description": ("含义", "Meaning"),
    "lineage_raw": ("原始列", "raw column"),
    "lineage_reference": ("参考表", "reference table"),
    "lineage_constant": ("常量", "constant"),
    "lineage_above": ("（见上）", "(see above)"),
    "lineage_origins": ("来源 {count} 处：", "Made of {count}:"),
    "lineage_column": ("列", "Column"),
    "lineage_made_of": ("来源", "Made of"),
    "found": ("找到 {count} 处：", "{count} found:"),
    "found_none": ("没有找到 {wanted}。", "Nothing found for {wanted}."),
    "found_next": ("查看来源：fundperf trace {fact}", "To see where one was read: fundperf trace {fact}"),
    "accuracy_cases": (
        "标注样本 {cases} 份，其中拒读 {refused} 份",
        "{cases} labelled cases, {refused} of them refused",
    ),
    "accuracy_title_field": ("各字段", "Fields"),
    "accuracy_title_layout": ("按文种", "Layouts"),
    "accuracy_title_format": ("按文件格式", "Formats"),
    "accuracy_title_confidence": ("置信度与实际对错", "Confidence and truth"),
    "accuracy_title_review": ("未读对的值是否在复核清单上", "Values not right: does the review list show them?"),
    "accuracy_title_refused": ("拒读的文件", "Refused documents"),
    "accuracy_title_misses": ("未读对的值", "Values not right"),
    "accuracy_column_field": ("字段", "Field"),
    "accuracy_column_layout": ("文种", "Layout"),
    "accuracy_column_format": ("格式", "Format"),
    "accuracy_column_expected": ("标注", "Expected"),
    "accuracy_column_read": ("读出", "Read"),
    "accuracy_column_right": ("读对", "Right"),
    "accuracy_column_precision": ("准确率", "Precision"),
    "accuracy_column_recall": ("召回率", "Recall"),
    "accuracy_column_f1": ("F1", "F1"),
    "accuracy_column_confidence": ("置信度", "Confidence"),
    "accuracy_column_not_right": ("未读对", "Not right"),
    "accuracy_column_review": ("复核清单", "Review list"),
    "accuracy_column_document": ("文件", "Document"),
    "accuracy_column_reason": ("原因", "Reason"),
    "accuracy_column_within": ("项目或指标", "Project or indicator"),
    "accuracy_column_kind": ("类别", "Kind"),
    "accuracy_column_got": ("读出", "Got"),
    "accuracy_column_debatable": ("标注存疑", "Debatable label"),
    "accuracy_unmet": ("未达到 {name}：要求 {least:.3f}，实际 {found}", "{name}: {least:.3f} required, {found} found"),
    "review_unsure": ("置信度 {confidence:g}，方法 {method}", "confidence {confidence:g}, method {method}"),
    "review_missing": ("没有读到该值", "no such value was read"),
    "review_no_funding": ("没有读到任何资金", "no money was read"),
    "review_no_indicators": (
        "全文提到指标，但没有读到任何指标",
        "the document speaks of 指标, but no indicator was read",
    ),
    "review_help_1": ("复核说明", "How to review"),
    "review_help_2": (
        "“存疑值”每行是一个没有把握的值，⟦⟧ 标出它在原文中的位置；“缺失值”是没有读到的字段；“提示”和“未读入”仅供查看。",
        "Each row of “Doubtful” is a value that was read without certainty; ⟦⟧ marks its place in the text. “Missing” "
        "lists fields that were not found; “Warnings” and “Not loaded” are for reading only.",
    ),
    "review_help_3": (
        "对照原文件。读得对的，什么都不用填；读错或漏读的，在黄色的“更正值”“理由”“更正人”列填写。",
        "Compare with the document. Where the value is right, write nothing; where it is wrong or missing, fill in the "
        "yellow columns Correction, Reason and Corrected by.",
    ),
    "review_help_4": (
        "金额写元（180000）或带单位（18万元）；执行率写百分数（97.5%）；日期写 2023-09-03；"
        "资金阶段和来源从下拉列表选择。",
        "Amounts in yuan (180000) or with their unit (18万元); the rate in percent (97.5%); dates as 2023-09-03; "
        "stage and source from the drop-down list.",
    ),
    "review_help_5": (
        "原文根本没有写明该值、却被读出的，更正值填“空”。",
        "Where the document does not state the value at all, write 空 as the correction.",
    ),
    "review_help_6": (
        "可以排序、筛选、删除行；请勿改动表头和右侧隐藏的列。",
        "Rows may be sorted, filtered and deleted; leave the headings and the hidden columns at the right as they are.",
    ),
    "review_help_7": (
        "保存后运行：fundperf review --read 文件名.xlsx，再运行 fundperf run。",
        "Save, then run: fundperf review --read NAME.xlsx, and after it fundperf run.",
    ),
    "review_written": (
        "已写入 {path}：存疑值 {doubtful}，缺失值 {missing}，提示 {notes}，未读入的文件 {refused}。"
        "填写后运行 fundperf review --read {path}",
        "Wrote {path}: {doubtful} doubtful values, {missing} missing ones, {notes} warnings, {refused} inputs not "
        "loaded. Fill it in, then run: fundperf review --read {path}",
    ),
    "review_kept": (
        "已采用更正：新增 {new}，替换 {replaced}，未变 {unchanged}（{path}）。运行 fundperf run 后生效。",
        "Corrections: {new} new, {replaced} replaced, {unchanged} unchanged ({path}). `fundperf run` applies them.",
    ),
    "misfit": (
        "  更正不再适用 {file}（{field}，原值 {expect}，更正为 {corrected}）：{reason}。"
        "请核对原文件，然后在 {path} 中改正或删去该行，或重新运行 fundperf review",
        "  a correction no longer fits {file} ({field}, expected {expect}, corrected to {corrected}): {reason}. "
        "Compare with the document, then change or delete that line in {path}, or write a new workbook with "
        "`fundperf review`",
    ),
    "lexicon_lines": ("词表 {lines} 条，其中自有 {own} 条", "{lines} lines of the lexicon, {own} of them your own"),
    "lexicon_none_unknown": ("已载入的文件中没有词表之外的标题。", "No heading of the loaded documents is unknown."),
    "lexicon_unknown": (
        "词表之外的标题 {count} 个，按出现的文件数排列",
        "{count} unknown headings, the most frequent first",
    ),
    "lexicon_teach": (
        "在 {path} 中加一行 role,canonical,wording,seen_in（首行为表头）即可识别，再重新导入文件；"
        "角色和名称见 fundperf lexicon。",
        "To teach one, add a line role,canonical,wording,seen_in to {path} (these four words are its first line) and "
        "load the documents again; `fundperf lexicon` lists the roles.",
    ),
    "lexicon_unused": ("没有文件用到的词条 {count} 条", "{count} lines that no document used"),
    "lexicon_column_role": ("角色", "Role"),
    "lexicon_column_wordings": ("词条", "Wordings"),
    "lexicon_column_names": ("名称", "Names"),
    "lexicon_column_own": ("自有", "Own"),
    "lexicon_column_wording": ("文字", "Wording"),
    "lexicon_column_code": ("提示", "Code"),
    "lexicon_column_documents": ("文件数", "Documents"),
    "lexicon_column_times": ("次数", "Times"),
    "lexicon_column_examples": ("例", "Examples"),
    "lexicon_column_file": ("词表文件", "File"),
    "lexicon_column_canonical": ("名称", "Name"),
    "unexpected": (
        "出现意外错误（{kind}：{message}）。详情已写入 {path}，请连同操作一起报告给维护者。",
        "Something unexpected happened ({kind}: {message}). The details are in {path}; "
        "report them to the maintainers together with what you did.",
    ),
    "os_error": (
        "{path}：无法读写（{reason}）。请检查路径、权限和磁盘空间后重试。",
        "{path}: it cannot be read or written ({reason}). Check path, permissions and free space, then try again.",
    ),
    "standard_output": ("标准输出", "standard output"),
    "list_current": ("当前", "current"),
}


def say(key: str, lang: Lang, **facts: object) -> str:
    """The sentence in the user's language."""
    zh, en = _TEXTS[key]
    return (zh if lang == "zh" else en).format(**facts)


def listed(parts: Iterable[str], lang: Lang, mark: Literal["、", "，", "；"] = "、") -> str:
    """Parts of a sentence with this mark between them, or with what English has for it."""
    return (mark if lang == "zh" else "; " if mark == "；" else ", ").join(parts)


def choose_lang(asked: str | None = None) -> Lang:
    """The language asked for, else `FUNDPERF_LANG`, else that of the system, else English."""
    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), None)
    if system is None:
        system = locale.getlocale()[0] or ""
    wanted = asked or os.environ.get("FUNDPERF_LANG") or system
    return "zh" if wanted.casefold().startswith(("zh", "chinese")) else "en"
