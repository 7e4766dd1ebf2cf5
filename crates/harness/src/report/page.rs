//! The page of a result folder, as code hosts show it: findings, charts and tables in one place.

use crate::measure::results::{
    CHARTS, ENVIRONMENT, PAGE_MARK, REPORT, SAMPLES, TABLES_CSV, TABLES_JSON, TABLES_MARKDOWN,
    chart_file,
};
use crate::measure::samples::{Article, Header, Samples};
use crate::report::findings::{CaseFindings, ScenarioFindings};
use crate::report::markdown::{block_of_code, figures, said, text};
use crate::report::overview::{Measured, overview};
use crate::report::pictures::pictures;
use crate::report::provenance;

/// What stands where samples do not say what the article says.
pub(super) const NOT_SAID: &str = "not said in these samples";

/// The question, what the article says, what was found, each case with its charts and its table, the machine,
/// the command, and where everything else is. Links are relative to the folder that the samples are in.
pub fn page(samples: &Samples, findings: &[ScenarioFindings]) -> String {
    let header = &samples.header;
    let names: Vec<_> = findings.iter().map(|found| text(&found.name)).collect();
    let mut page = format!("{PAGE_MARK}\n# Measured: {}\n", names.join(", "));
    if let [_, _, ..] = findings {
        let all = Measured {
            name: "",
            link: "",
            header,
            findings,
        };
        page.push_str(&format!("\n## At a glance\n\n{}", overview(&[all])));
    }
    for scenario in findings {
        page.push_str(&format!("\n## {}\n\n", text(&scenario.question)));
        page.push_str(&advised(scenario.article.as_ref()));
        page.push_str("\nWhat was found:\n\n");
        page.extend(scenario.cases.iter().map(|case| said(scenario, case)));
        let case = |case| figures(scenario, case) + &charts(samples, scenario, case);
        page.extend(scenario.cases.iter().map(case));
    }
    page + &origin(header)
}

fn advised(article: Option<&Article>) -> String {
    match article {
        Some(Article { claim, advice }) => format!(
            "What the article says: {} Its advice: **{}**.\n",
            text(claim),
            text(advice)
        ),
        None => format!("What the article says: {NOT_SAID}.\n"),
    }
}

/// The charts of a case, by their files.
fn charts(samples: &Samples, scenario: &ScenarioFindings, case: &CaseFindings) -> String {
    let drawn = pictures(samples, scenario, case);
    let image = drawn.iter().map(|picture| {
        let file = chart_file(&scenario.name, &case.name, picture.kind);
        format!("\n![{}]({CHARTS}/{file})\n", text(picture.wide.finding()))
    });
    image.collect()
}

/// How and where it was made, and the files beside the page.
fn origin(header: &Header) -> String {
    let command = block_of_code(&header.command);
    let machine = provenance::machine(&header.environment);
    let machine: Vec<_> = machine
        .iter()
        .map(|(name, value)| format!("- {name}: {}\n", text(value)))
        .collect();
    let machine = machine.concat();
    let heading = if machine.is_empty() {
        ""
    } else {
        "\n## The machine\n\n"
    };
    format!(
        "\n## How these figures were made\n\n{}. The command:\n\n{command}{heading}{machine}\
         \n## The files\n\n\
         - [{REPORT}]({REPORT}): this page for browsers, in one file\n\
         - [{TABLES_MARKDOWN}]({TABLES_MARKDOWN}): the tables, and how to read them; \
         [{TABLES_CSV}]({TABLES_CSV}) and [{TABLES_JSON}]({TABLES_JSON}) for programs\n\
         - [{SAMPLES}]({SAMPLES}): every run, from which all of this is made, \
         to the byte, by `versus report` on this folder\n\
         - [{ENVIRONMENT}]({ENVIRONMENT}): all that is known of the machine\n\
         - `timeline-*.json`: what each worker did when, for <https://ui.perfetto.dev>; those that are not here \
         are made by the same `versus report`\n",
        text(&provenance::short(header))
    )
}
