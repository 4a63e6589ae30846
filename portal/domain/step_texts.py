"""The texts of the eleven steps: purpose, checklist, outputs and usual length.

Lengths fit an organisation of 100 to 200 staff at one to three sites; sources differ widely.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.domain.step_shapes import EDITIONS, Line, StepDefinition


def _clauses(in_2018: str, in_2011: str) -> Mapping[int, str]:
    pairs = zip(EDITIONS, (in_2018, in_2011), strict=True)
    return MappingProxyType({edition: number for edition, number in pairs if number})


def _line(id: str, text: str, why: str, in_2018: str = "", in_2011: str = "") -> Line:
    return Line(id, text, why, _clauses(in_2018, in_2011))


def _must(id: str, text: str, why: str, in_2018: str = "", in_2011: str = "", proof: str = "evidence") -> Line:
    return Line(id, text, why, _clauses(in_2018, in_2011), True, "note" if proof == "note" else "evidence")


REVIEW_INPUTS = "review-inputs"
# Clause 9.3 of the 2018 edition (items 9.3-b to -m) and 4.5.4.3 of 2011 (items -c to -l), in their order.
_INPUTS: Mapping[int, tuple[str, str, str]] = {
    2018: (
        "9.3",
        "bcdefghijklm",
        "Actions from earlier reviews|Changes in internal and external issues"
        "|Trends in nonconformities, measurement results and audits|Opportunities for improvement"
        "|Feedback from customers and other interested parties|Policies kept to and still fit"
        "|Service management objectives|Performance of the services|Performance of other parties"
        "|Resources and capabilities, now and forecast|Results of risk assessment and of the actions taken"
        "|Changes that can affect the system and the services",
    ),
    2011: (
        "4.5.4.3",
        "cdefghijkl",
        "Customer feedback|Performance and conformity of services and processes"
        "|Levels of people, technology, information and money|Capabilities of people and technology|Risks"
        "|Audit results and their follow-up|Results and follow-up of earlier reviews"
        "|State of preventive and corrective actions|Changes that could affect the system and the services"
        "|Opportunities for improvement",
    ),
}


def _inputs(edition: int) -> tuple[Line, ...]:
    clause, letters, texts = _INPUTS[edition]
    why = f"Clause {clause} names this input. Say what was shown, or that there was nothing to report."
    return tuple(
        Line(
            f"8.input-{edition}-{letter}", text, why, MappingProxyType({edition: clause}),
            criterion=True, proof="note", only=edition, group=REVIEW_INPUTS,
        )
        for letter, text in zip(letters, texts.split("|"), strict=True)
    )  # fmt: skip


ALL = (
    StepDefinition(
        1,
        "gap-analysis",
        "Gap analysis",
        "plan",
        "Find out where the organisation stands against every requirement, and what closing the distance takes.",
        (
            _line("1.context", "Context and interested parties are written down",
                  "Scope and risks are derived from them.", "4.1"),
            _line("1.parties", "The needs of customers and other interested parties are known",
                  "A requirement nobody asked about cannot be met.", "4.2", "7.1"),
            _line("1.interviews", "Every process owner has been interviewed",
                  "What is done matters more than what is written."),
            _line("1.ranked", "The gaps are ranked by risk and effort",
                  "The plan begins with what would stop a certificate."),
            _line("1.gap-report", "The gap report has been shown to top management",
                  "They decide on time, people and money.", "5.1", "4.1.1"),
            _must("1.plan-approved", "Top management has approved the plan and the budget",
                  "Top management sees to plan and resources.", "5.1", "4.1.1"),
        ),
        ("Gap report", "Draft scope", "Registers of context and interested parties", "Project plan and budget"),
        (2, 4),
    ),
    StepDefinition(
        2,
        "awareness-training",
        "Awareness training",
        "plan",
        "See that everybody in scope knows why the system exists and what their own part in it is.",
        (
            _line("2.needs", "Training needs are known for each role",
                  "Competence is judged against what a role needs.", "7.2", "4.4.2"),
            _line("2.sessions", "Sessions have been held at every site",
                  "Auditors ask people at each site they visit.", "7.3", "4.4.2"),
            _line("2.effect-checked", "What people took away was checked by quiz or interview",
                  "Attendance alone does not show an effect.", "7.2", "4.4.2"),
            _must("2.share-trained", "The agreed share of the staff in scope is trained",
                  "Name the share (90 % is usual) and when the rest follow.", "7.3", "4.4.2"),
            _must("2.auditors-qualified", "The internal auditors are qualified",
                  "An audit counts only when the auditors know the standard and how to audit.", "7.2", "4.4.2"),
        ),
        ("Competence matrix", "Training plan", "Attendance lists", "Test results", "Check of the effect"),
        (2, 3),
    ),
    StepDefinition(
        3,
        "policy-and-objectives",
        "Policy and objectives",
        "plan",
        "Give the system its direction: a policy people know and objectives that can be measured.",
        (
            _line("3.needs-considered", "The policy fits the organisation's purpose and its customers' needs",
                  "A copied policy is the first thing an auditor notices.", "5.2.1", "4.1.2"),
            _line("3.roles", "Responsibilities and authorities are assigned and made known",
                  "Everybody in a process knows who decides.", "5.3", "4.1.3"),
            _line("3.resources", "The resources for the way ahead are provided",
                  "Objectives without means are wishes.", "7.1", "4.4.1"),
            _must("3.policy-approved", "The service management policy is approved and published",
                  "Top management owns it, staff and interested parties can reach it.", "5.2.2", "4.1.2"),
            _must("3.objectives-owned", "Every objective has a measure and an owner",
                  "An objective that cannot be measured cannot be reached.", "6.2.1", "4.3.1"),
        ),
        ("Signed service management policy", "Service management objectives with baseline and target", "Appointments"),
        (2, 3),
    ),
    StepDefinition(
        4,
        "process-design",
        "Documentation and process design",
        "plan",
        "Design what has to be run, and write down what the standard asks for in writing.",
        (
            _line("4.plan", "The service management plan is written and current",
                  "An outdated plan is among the usual reasons to fail.", "6.3", "4.5.2"),
            _line("4.risks", "Risks, acceptance criteria and the approach to them are written down",
                  "Actions follow from risks, not the other way round.", "6.1.2", "4.5.2"),
            _line("4.same-services", "Scope, service catalogue and SLAs name the same services",
                  "A mismatch between scope and catalogue fails audits.", "8.2.4", "6.1"),
            _line("4.targets", "Every service level target can be measured",
                  "What cannot be measured cannot be reported.", "8.3.3", "6.1"),
            _line("4.suppliers", "Supplier targets are checked against the SLAs",
                  "A supplier slower than the SLA breaks it.", "8.3.4.1", "7.2"),
            _line("4.control", "Documents carry version, owner and date of review",
                  "Readers must know that they hold the valid one.", "7.5.3.2", "4.3.2"),
        ),
        ("Service management plan", "Risk register", "Process descriptions", "Service catalogue and SLAs",
         "Policies and templates"),
        (6, 12),
        "Process design",
    ),
    StepDefinition(
        5,
        "implementation",
        "Implementation",
        "do",
        "Run the processes as designed, and keep the records that prove it.",
        (
            _line("5.tool", "The tools are configured to the processes",
                  "A process the tool cannot follow is not followed."),
            _line("5.run", "Every process is run by a named owner",
                  "Processes are carried out as planned, under control.", "8.1", "4.5.3"),
            _line("5.continuity", "Service continuity has been tested",
                  "An untested continuity plan fails audits.", "8.7.2", "6.3.3"),
            _line("5.survey", "Customers have been asked how satisfied they are",
                  "Satisfaction is measured at planned intervals.", "8.3.2", "7.1"),
            _must("5.three-months", "Records cover three months or more",
                  "Certification bodies expect about three months of running before Stage 2 samples."),
            _must("5.kpis-reported", "Measures and service reports come out as planned",
                  "Performance is measured and reported against objectives.", "9.4", "6.2"),
        ),
        ("Tickets and changes", "Configuration information", "Service reports", "Test results", "Minutes"),
        (12, 26),
    ),
    StepDefinition(
        6,
        "internal-audit",
        "Internal audit",
        "check",
        "Test the whole system, at all sites, before somebody else does.",
        (
            _line("6.programme", "The audit programme weighs importance, change and earlier results",
                  "Programme means all audits of a period; the plan is for one.", "9.2.2", "4.5.4.2"),
            _line("6.impartial", "Nobody audits their own work",
                  "Auditors are neither owners of the process nor authors of its evidence.", "9.2.2", "4.5.4.2"),
            _line("6.criteria", "Each audit has written criteria and a scope",
                  "A finding needs a requirement to stand against.", "9.2.2", "4.5.4.2"),
            _line("6.told", "The managers concerned have been told the results",
                  "Corrections begin there.", "9.2.2", "4.5.4.2"),
        ),
        ("Audit programme", "Audit plans", "Checklists", "Audit report", "Nonconformities"),
        (2, 3),
    ),
    StepDefinition(
        7,
        "corrective-action",
        "Corrective action",
        "act",
        "Remove what the internal audit found, and its causes, so that it does not come back.",
        (
            _line("7.extent", "For each nonconformity it was looked at where else it occurs",
                  "One case found is rarely the only one.", "10.1.1", "4.5.5.2"),
            _line("7.cause", "Each cause says why it happened and does not repeat the finding",
                  "Answers that repeat the finding are sent back.", "10.1.1", "4.5.5.2"),
            _line("7.improvements", "Opportunities for improvement are in the register",
                  "Deciding against one is allowed, forgetting it is not.", "10.2", "4.5.5.2"),
            _line("7.effect", "A date is set to check that each action had its effect",
                  "Done is not the same as gone; look again after one to three months.", "10.1.1", "4.5.5.2"),
        ),
        ("Nonconformity reports", "Proof of corrective action", "Improvement register"),
        (3, 6),
    ),
    StepDefinition(
        8,
        "management-review",
        "Management review",
        "check",
        "Let top management judge the system on all its inputs, and decide whether it is ready for Stage 1.",
        (
            _line("8.pack", "The input pack reached everybody taking part in time",
                  "Decisions on papers nobody read do not hold."),
            _line("8.attended", "Top management took part in person",
                  "The review is top management's own.", "9.3", "4.5.4.3"),
            *_inputs(2018),
            *_inputs(2011),
            _must("8.decisions", "Decisions and actions are on record",
                  "Results of the review are kept as proof.", "9.3", "4.5.4.3"),
            _must("8.go", "The decision to go to Stage 1 is taken",
                  "Readiness is top management's decision.", "9.3", "4.5.4.3"),
        ),
        ("Minutes of the management review", "Actions with owner and date"),
        (1, 2),
    ),
    StepDefinition(
        9,
        "stage-1-audit",
        "Stage 1 audit",
        "certification",
        "Let the certification body judge scope, documents and readiness for Stage 2.",
        (
            _line("9.body", "The certification body is contracted and accredited for this standard",
                  "Only an accredited certificate is accepted everywhere."),
            _line("9.access", "The auditor has a link to the frozen evidence",
                  "What is seen must not change during the audit."),
            _line("9.host", "Somebody is at hand for the auditor's questions",
                  "Half of Stage 1 is finding one's way around."),
            _must("9.concerns-logged", "Every area of concern in the report is logged as a finding",
                  "What is not logged is not answered before Stage 2.", proof="note"),
        ),
        ("Stage 1 report", "Areas of concern", "Stage 2 plan"),
        (1, 2),
    ),
    StepDefinition(
        10,
        "stage-1-corrective-action",
        "Corrective action",
        "certification",
        "Resolve the areas of concern before they turn into nonconformities at Stage 2.",
        (
            _line("10.extent", "For each area of concern it was looked at where else it applies",
                  "The Stage 2 auditor will look there."),
            _line("10.documents", "The documents concerned are approved in a new version",
                  "Stage 2 starts from what is valid then.", "7.5.3.2", "4.3.2"),
            _line("10.told", "The people concerned know what has changed",
                  "They are interviewed at Stage 2.", "7.3", "4.4.2"),
        ),
        ("Proof of closure", "Updated documents", "Confirmed Stage 2 date"),
        (2, 8),
    ),
    StepDefinition(
        11,
        "stage-2-audit",
        "Stage 2 audit",
        "certification",
        "Show that the system works and has its effect, and answer what is found until the certificate is decided.",
        (
            _line("11.populations", "Full lists are ready for the auditor to sample from",
                  "Samples chosen by the auditee carry little weight."),
            _line("11.people", "Everybody to be interviewed knows when and on what",
                  "The auditor's time on site is short."),
            _line("11.answers", "Each nonconformity has an answer in time",
                  "The certification body counts from the last audit day."),
        ),
        ("Stage 2 report", "Answers to findings", "Certificate"),
        (3, 10),
    ),
)  # fmt: skip
