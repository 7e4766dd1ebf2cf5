//! Good scenarios, and each way to write a bad one with the line that is named for it.

use super::*;

const GOOD: &str = r#"question = "Which?"
baseline = "threads"
args = ["--workers", "{workers}"]

[input]
package = "job"
args = ["--make-sample", "."]

[[case]]
name = "small"
title = "one file"

[[contestant]]
name = "sequential"
model = "sequential"
package = "job"

[[contestant]]
name = "threads"
model = "threads"
package = "job-threads"
args = ["-v"]

[[contestant]]
name = "python"
model = "threads"
reference = true
command = ["python3", "x.py"]
"#;

fn broken(from: &str, to: &str) -> (usize, String) {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let fault = parse("job", &text).unwrap_err();
    (fault.line_in(&text), fault.cause)
}

#[test]
fn a_scenario_is_read_with_its_defaults() {
    let scenario = parse("job", GOOD).unwrap();
    assert_eq!(
        (scenario.name.as_str(), scenario.baseline.as_str()),
        ("job", "threads")
    );
    let args: Vec<_> = scenario
        .contestants
        .iter()
        .map(|c| c.launch.args.join(" "))
        .collect();
    assert_eq!(args, ["--workers {workers}", "-v", "x.py"]);
    assert_eq!(scenario.packages(), ["job", "job-threads"]);
    assert_eq!(scenario.contestants[0].workers(4), 1);
    assert_eq!(scenario.contestants[1].workers(4), 4);
    assert!(scenario.contestants[2].reference);
    assert_eq!((scenario.workers, scenario.service), (vec![], None));
}

#[test]
fn a_service_workers_and_cases_on_request_are_read() {
    let text = GOOD
        .replace(
            "[input]",
            "workers = 50\n[service]\npackage = \"site\"\n[input]",
        )
        .replacen(
            "[[contestant]]",
            "[[case]]\nname = \"long\"\ntitle = \"L\"\non_request = true\n[[contestant]]",
            1,
        );
    let scenario = parse("job", &text).unwrap();
    assert_eq!(scenario.workers, [50]);
    assert_eq!(scenario.packages(), ["job", "job-threads", "site"]);
    assert_eq!(scenario.on_request, ["long"]);
}

#[test]
fn what_the_article_says_is_read_and_stands_in_one_line() {
    assert_eq!(parse("job", GOOD).unwrap().article, None);
    let article = "[article]\nclaim = \"It is waiting.\"\nadvice = \"threads\"\n[input]";
    let scenario = parse("job", &GOOD.replace("[input]", article)).unwrap();
    let said = scenario.article.unwrap();
    assert_eq!(
        (said.claim.as_str(), said.advice.as_str()),
        ("It is waiting.", "threads")
    );
    let (line, cause) = broken("[input]", &article.replace("threads", " "));
    assert_eq!(line, 7, "{cause}");
    assert!(cause.contains("`advice` must be one line"), "{cause}");
}

#[test]
fn cases_that_fail_and_results_that_are_one_s_own_are_read() {
    let scenario = parse("job", GOOD).unwrap();
    assert!(!scenario.cases[0].failing);
    assert!(!scenario.contestants[2].own_checksum);
    let text = GOOD
        .replace(
            "title = \"one file\"",
            "title = \"one file\"\nfailing = true",
        )
        .replace("reference = true", "reference = true\nown_checksum = true");
    let scenario = parse("job", &text).unwrap();
    assert!(scenario.cases[0].failing);
    assert!(scenario.contestants[2].own_checksum);
    assert!(!scenario.contestants[1].own_checksum);
}

#[test]
fn the_baseline_has_the_checksum_that_others_are_held_to() {
    let own = "package = \"job-threads\"\nown_checksum = true";
    let (line, cause) = broken("package = \"job-threads\"", own);
    assert_eq!(line, 2);
    assert!(cause.contains("`threads` has an `own_checksum`"), "{cause}");
}

#[test]
fn some_case_is_measured_without_being_asked_for() {
    let asked = "title = \"one file\"\non_request = true";
    let (line, cause) = broken("title = \"one file\"", asked);
    assert_eq!(line, 10);
    assert!(cause.contains("all cases are `on_request`"), "{cause}");
}

#[test]
fn input_and_default_arguments_may_be_absent() {
    let text = "question = 'Which?'\nbaseline = 'a'\n[[case]]\nname = 'c'\ntitle = 'C'\n\
                [[contestant]]\nname = 'a'\nmodel = 'async'\npackage = 'p'\n";
    let scenario = parse("job", text).unwrap();
    assert_eq!(
        (scenario.input, scenario.contestants[0].launch.args.len()),
        (None, 0)
    );
}

#[test]
fn syntax_and_unknown_keys_are_reported_with_their_line() {
    let (line, cause) = broken("title = \"one file\"", "titel = \"one file\"");
    assert_eq!(line, 11, "{cause}");
    assert!(cause.contains("titel"), "{cause}");
    let (line, _) = broken("model = \"sequential\"", "model = \"sequentially\"");
    assert_eq!(line, 15);
    let (line, _) = broken("name = \"small\"", "name = small");
    assert_eq!(line, 10);
}

#[test]
fn what_makes_no_scenario_is_reported_with_its_line() {
    for (from, to, line, part) in [
        (
            "baseline = \"threads\"",
            "baseline = \"thread\"",
            2,
            "none of the contestants",
        ),
        (
            "baseline = \"threads\"",
            "baseline = \"python\"",
            2,
            "reference",
        ),
        (
            "name = \"threads\"",
            "name = \"sequential\"",
            19,
            "two of contestant",
        ),
        (
            "name = \"small\"",
            "name = \"Small one\"",
            10,
            "a name has only",
        ),
        ("question = \"Which?\"", "question = \" \"", 1, "one line"),
        (
            "package = \"job-threads\"\n",
            "",
            19,
            "needs a `package` or a `command`",
        ),
        (
            "package = \"job-threads\"",
            "command = [\"x\"]",
            19,
            "put them into `command`",
        ),
        (
            "command = [\"python3\", \"x.py\"]",
            "command = []",
            25,
            "empty",
        ),
        ("package = \"job\"\nargs", "args", 5, "[input] needs"),
    ] {
        let (found, cause) = broken(from, to);
        assert!(cause.contains(part), "{cause}");
        assert_eq!(found, line, "{cause}");
    }
}

#[test]
fn a_scenario_without_cases_is_refused() {
    let (_, cause) = broken("[[case]]\nname = \"small\"\ntitle = \"one file\"\n", "");
    assert!(cause.contains("no [[case]]"), "{cause}");
}
