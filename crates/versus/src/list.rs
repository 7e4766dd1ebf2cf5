//! `versus list`: what there is.

use std::fmt::Write;

use harness::measure::samples::CasePlan;
use harness::measure::scenario::Scenario;

use crate::failure::Failure;
use crate::output;
use crate::workspace::Workspace;

pub(crate) fn list() -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let mut text = String::new();
    for name in &workspace.scenarios {
        describe(&workspace.read(name)?, &mut text);
    }
    Ok(output::print(&text)?)
}

fn describe(scenario: &Scenario, text: &mut String) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}: {}", scenario.name, scenario.question);
    let cases = scenario
        .cases
        .iter()
        .map(|case| (&case.name, title(scenario, case)));
    section("cases", cases.collect(), text);
    let contestants = scenario.contestants.iter().map(|contestant| {
        let baseline = if contestant.name == scenario.baseline {
            ", baseline"
        } else {
            ""
        };
        let reference = if contestant.reference {
            ", reference"
        } else {
            ""
        };
        let own = if contestant.own_checksum {
            ", own results"
        } else {
            ""
        };
        (
            &contestant.name,
            format!("{}{baseline}{reference}{own}", contestant.model.name()),
        )
    });
    section("contestants", contestants.collect(), text);
}

fn title(scenario: &Scenario, case: &CasePlan) -> String {
    let asked = if scenario.on_request.contains(&case.name) {
        ", on request (--cases)"
    } else {
        ""
    };
    let failing = if case.failing {
        ", some items fail"
    } else {
        ""
    };
    format!("{}{asked}{failing}", case.title)
}

fn section(title: &str, rows: Vec<(&String, String)>, text: &mut String) {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let _ = writeln!(text, "  {title}");
    for (name, what) in rows {
        let _ = writeln!(text, "    {name:width$}  {what}");
    }
}
