//! Whether every scenario follows the pattern of CONTRIBUTING.md, so that a reader who knows one knows them all.

use std::fs;
use std::path::{Path, PathBuf};

use harness::measure::scenario::{Contestant, Program, Scenario};
use harness::record::Model;
use tempfile::TempDir;

/// The sections of a scenario's README, in their order.
const SECTIONS: [&str; 6] = [
    "## Run it",
    "## What differs",
    "## Results",
    "## What was learned",
    "## What surprised",
    "## Limits",
];
/// A `main.rs` only calls.
const MAIN_LINES: usize = 30;

/// What a scenario lacks, a sentence each.
struct Complaints<'a> {
    root: &'a Path,
    name: &'a str,
    found: Vec<String>,
}

fn complaints(root: &Path, name: &str) -> Vec<String> {
    let mut complaints = Complaints {
        root,
        name,
        found: Vec::new(),
    };
    complaints.workspace();
    complaints.job();
    for model in ["threads", "processes"] {
        complaints.variant(model);
    }
    complaints.scenario();
    complaints.page();
    complaints.beside();
    complaints.found
}

impl Complaints<'_> {
    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_default()
    }

    /// `NAME` stands for the scenario's.
    fn need(&mut self, holds: bool, complaint: &str) {
        if !holds {
            self.found.push(complaint.replace("NAME", self.name));
        }
    }

    fn need_file(&mut self, file: &str, what: &str) {
        let file = file.replace("NAME", self.name);
        let there = self.root.join(&file).is_file();
        self.need(there, &format!("{file} is missing: {what}"));
    }

    fn workspace(&mut self) {
        let member = format!("\"crates/{}/*\"", self.name);
        let is_member = self.text("Cargo.toml").contains(&member);
        self.need(is_member, "Cargo.toml: add crates/NAME/* to the members");
    }

    fn package(&mut self, folder: &str, package: &str) {
        let manifest = format!("crates/{}/{folder}/Cargo.toml", self.name);
        let line = format!("name = \"{package}\"");
        let is_named = self.text(&manifest).lines().any(|found| found == line);
        self.need(
            is_named,
            &format!("{manifest}: the package is to be called {package}"),
        );
    }

    fn job(&mut self) {
        self.package("job", self.name);
        self.need_file(
            "crates/NAME/job/src/lib.rs",
            "what the work is, whoever does it",
        );
    }

    fn variant(&mut self, model: &str) {
        let folder = format!("crates/{}/{model}", self.name);
        self.package(model, &format!("{}-{model}", self.name));
        self.need_file(
            &format!("{folder}/src/lib.rs"),
            "how the work is spread, which is the lesson",
        );
        let main = self.text(&format!("{folder}/src/main.rs"));
        let lines = main.lines().count();
        let short = format!("{folder}/src/main.rs: it only calls, in up to {MAIN_LINES} lines");
        self.need((1..=MAIN_LINES).contains(&lines), &short);
        let tests = fs::read_dir(self.root.join(&folder).join("tests"));
        let tested = tests.is_ok_and(|mut files| files.next().is_some());
        self.need(
            tested,
            &format!("{folder}/tests: show that it answers as one worker does"),
        );
    }

    fn scenario(&mut self) {
        let scenario = match Scenario::read(&self.root.join("crates").join(self.name)) {
            Ok(scenario) => scenario,
            Err(error) => {
                // The path is where the test has put it.
                let error = error
                    .to_string()
                    .replace(&self.root.display().to_string(), "");
                return self.found.push(error);
            }
        };
        let asks = scenario.question.ends_with('?');
        self.need(asks, "scenario.toml: `question` is to be a question");
        let article = scenario.article.is_some();
        self.need(
            article,
            "scenario.toml: say in [article] what the article claims and advises",
        );
        let contestants = &scenario.contestants;
        let own = |model: Model| {
            contestants
                .iter()
                .any(|one| one.model == model && !one.reference)
        };
        self.need(
            own(Model::Threads),
            "scenario.toml: a contestant with threads is missing",
        );
        self.need(
            own(Model::Processes),
            "scenario.toml: a contestant with processes is missing",
        );
        let alone = self
            .root
            .join(format!("crates/{}/job/src/sequential.rs", self.name));
        self.need(
            own(Model::Sequential) || alone.exists(),
            "one worker that does it all is missing: crates/NAME/job/src/sequential.rs, and the contestant `sequential`",
        );
        let script = format!("{{root}}/scripts/{}_reference.py", self.name);
        let by_python = contestants.iter().any(|one| is_reference(one, &script));
        self.need(
            by_python,
            "scenario.toml: a contestant with `reference = true` and scripts/NAME_reference.py by {python} is missing",
        );
    }

    fn page(&mut self) {
        let page = self.text(&format!("crates/{}/README.md", self.name));
        let mut rest = page.as_str();
        for section in SECTIONS {
            match rest.split_once(&format!("\n{section}\n")) {
                Some((_, after)) => rest = after,
                None => self.need(
                    false,
                    &format!(
                        "crates/NAME/README.md: \"{section}\" is missing, or not in its place"
                    ),
                ),
            }
        }
        let name = self.name;
        self.need(
            page.contains("```sh\n"),
            "crates/NAME/README.md: say how to run it, in a block of `sh`",
        );
        self.need(
            page.contains("<!-- diff:begin"),
            "crates/NAME/README.md: quote the difference (scripts/diff_variants.py NAME --splice)",
        );
        self.need(
            page.contains(&format!("<!-- versus:begin {name} -->")),
            "crates/NAME/README.md: the markers for the tables are missing (cargo versus report --help)",
        );
    }

    fn beside(&mut self) {
        self.need_file(
            "results/NAME/samples.jsonl",
            "measure it (cargo versus run NAME --full --out results/NAME)",
        );
        self.need_file(
            "results/NAME/README.md",
            "make its page (cargo versus pages --splice README.md)",
        );
        self.need_file("benches/src/scenarios/NAME.rs", "add a group of benches");
        self.need_file("scripts/NAME_reference.py", "the same in Python");
        for (file, link) in [
            ("README.md", format!("(crates/{}/README.md)", self.name)),
            ("ARCHITECTURE.md", format!("`crates/{}/", self.name)),
        ] {
            let named = self.text(file).contains(&link);
            self.need(named, &format!("{file}: name the scenario, as {link}"));
        }
    }
}

fn is_reference(contestant: &Contestant, script: &str) -> bool {
    let by_python =
        matches!(&contestant.launch.program, Program::Command(program) if program == "{python}");
    contestant.reference && by_python && contestant.launch.args.iter().any(|arg| arg == script)
}

fn root() -> PathBuf {
    let versus = Path::new(env!("CARGO_MANIFEST_DIR"));
    versus.join("../..").canonicalize().unwrap()
}

#[test]
fn every_scenario_follows_the_pattern() {
    let root = root();
    let folders = fs::read_dir(root.join("crates")).unwrap();
    let folders = folders.map(|folder| folder.unwrap().path());
    let scenarios: Vec<_> = folders
        .filter(|folder| folder.join("scenario.toml").exists())
        .collect();
    assert!(scenarios.len() >= 6, "{scenarios:?}");
    for scenario in scenarios {
        let name = scenario.file_name().unwrap().to_str().unwrap();
        assert_eq!(complaints(&root, name), [""; 0], "{name}");
    }
}

/// Of the hasher, which is the pattern, all that is looked at.
const LOOKED_AT: [&str; 17] = [
    "Cargo.toml",
    "README.md",
    "ARCHITECTURE.md",
    "benches/src/scenarios/hasher.rs",
    "scripts/hasher_reference.py",
    "results/hasher/samples.jsonl",
    "results/hasher/README.md",
    "crates/hasher/README.md",
    "crates/hasher/scenario.toml",
    "crates/hasher/job/Cargo.toml",
    "crates/hasher/job/src/lib.rs",
    "crates/hasher/threads/Cargo.toml",
    "crates/hasher/threads/src/lib.rs",
    "crates/hasher/threads/src/main.rs",
    "crates/hasher/processes/Cargo.toml",
    "crates/hasher/processes/src/lib.rs",
    "crates/hasher/processes/src/main.rs",
];

/// A copy of that, with something in its tests.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let tests = ["threads", "processes"].map(|model| format!("crates/hasher/{model}/tests/it.rs"));
    for file in LOOKED_AT.map(str::to_owned).iter().chain(&tests) {
        let to = copy.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        // What stands in the samples is the business of others.
        let text = match file {
            _ if tests.contains(file) || file.starts_with("results/") => Ok(String::new()),
            file => fs::read_to_string(root().join(file)),
        };
        fs::write(to, text.unwrap()).unwrap();
    }
    copy
}

#[test]
fn every_file_is_missed() {
    assert_eq!(complaints(copy().path(), "hasher"), [""; 0]);
    for file in LOOKED_AT {
        let copy = copy();
        fs::remove_file(copy.path().join(file)).unwrap();
        let found = complaints(copy.path(), "hasher");
        assert!(!found.is_empty(), "{file}");
    }
}

#[test]
fn every_part_of_a_file_is_missed_by_a_sentence_that_says_what_to_do() {
    for (file, from, to, complaint) in [
        (
            "Cargo.toml",
            "\"crates/hasher/*\"",
            "",
            "Cargo.toml: add crates/hasher/* to the members",
        ),
        (
            "crates/hasher/threads/Cargo.toml",
            "\"hasher-threads\"",
            "\"hasher-thread\"",
            "crates/hasher/threads/Cargo.toml: the package is to be called hasher-threads",
        ),
        (
            "crates/hasher/processes/src/main.rs",
            "fn main",
            "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nfn main",
            "crates/hasher/processes/src/main.rs: it only calls, in up to 30 lines",
        ),
        (
            "crates/hasher/scenario.toml",
            "processes?\"",
            "processes\"",
            "scenario.toml: `question` is to be a question",
        ),
        (
            "crates/hasher/scenario.toml",
            "model = \"sequential\"\npackage",
            "model = \"async\"\npackage",
            "one worker that does it all is missing: crates/hasher/job/src/sequential.rs, and the contestant `sequential`",
        ),
        (
            "crates/hasher/scenario.toml",
            "model = \"processes\"\npackage",
            "model = \"async\"\npackage",
            "scenario.toml: a contestant with processes is missing",
        ),
        (
            "crates/hasher/README.md",
            "## What surprised",
            "## What else",
            "crates/hasher/README.md: \"## What surprised\" is missing, or not in its place",
        ),
        (
            "crates/hasher/README.md",
            "<!-- diff:begin",
            "<!-- begin",
            "crates/hasher/README.md: quote the difference (scripts/diff_variants.py hasher --splice)",
        ),
        (
            "crates/hasher/README.md",
            "<!-- versus:begin hasher -->",
            "",
            "crates/hasher/README.md: the markers for the tables are missing (cargo versus report --help)",
        ),
        (
            "README.md",
            "crates/hasher/README.md",
            "x",
            "README.md: name the scenario, as (crates/hasher/README.md)",
        ),
        (
            "ARCHITECTURE.md",
            "`crates/hasher/",
            "`x/",
            "ARCHITECTURE.md: name the scenario, as `crates/hasher/",
        ),
    ] {
        let copy = copy();
        let path = copy.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(&path, text.replace(from, to)).unwrap();
        assert_eq!(complaints(copy.path(), "hasher"), [complaint], "{file}");
    }
}

#[test]
fn a_scenario_without_its_article_python_or_tests_is_told_so() {
    let copy = copy();
    let path = copy.path().join("crates/hasher/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let article = text.find("[article]").unwrap();
    let input = text.find("# Made once").unwrap();
    let without = text[..article].to_owned() + &text[input..].replace("{python}", "python3");
    fs::write(&path, without).unwrap();
    fs::remove_dir_all(copy.path().join("crates/hasher/threads/tests")).unwrap();
    assert_eq!(
        complaints(copy.path(), "hasher"),
        [
            "crates/hasher/threads/tests: show that it answers as one worker does",
            "scenario.toml: say in [article] what the article claims and advises",
            "scenario.toml: a contestant with `reference = true` and scripts/hasher_reference.py by {python} is missing",
        ]
    );
}
