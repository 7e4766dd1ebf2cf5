//! `versus commands`: any programs, by the same method.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use harness::measure::runner::Start;
use harness::measure::samples::CasePlan;
use harness::measure::scenario::{Contestant, Launch, Program, Scenario};
use harness::record::Model;

use crate::carry_out::carry_out;
use crate::cli::{CommandsOptions, limit_of, worker_counts};
use crate::failure::Failure;
use crate::references::References;
use crate::run::new_seed;
use crate::session::Session;

const WORKERS: &str = "{workers}";

pub(crate) fn commands(options: &CommandsOptions) -> Result<(), Failure> {
    let scenario = [scenario(&options.commands, &options.names).map_err(Failure::Usage)?];
    let here = env::current_dir().context("cannot tell which folder this is")?;
    let (workers, seed) = (worker_counts(&options.workers), new_seed(options.seed));
    let session = Session {
        root: &here,
        scenarios: &scenario,
        blocks: options.counted_blocks(),
        command: command_again(options, &workers, seed),
        workers,
        seed,
        limit: limit_of(options.limit),
        check_output: options.check_output,
        references: References::default(),
    };
    let default_place = PathBuf::from("results").join("commands");
    let place = options.out.as_deref().unwrap_or(&default_place);
    carry_out(&session, place, None)
}

/// The scenario that these command lines make.
pub(crate) fn scenario(lines: &[String], names: &[String]) -> anyhow::Result<Scenario> {
    if !names.is_empty() && names.len() != lines.len() {
        let (names, lines) = (names.len(), lines.len());
        return Err(anyhow!(
            "{names} names for {lines} commands: name all of them or none"
        ));
    }
    let launches: Vec<_> = lines
        .iter()
        .map(|line| launch(line))
        .collect::<Result<_, _>>()?;
    let names = if names.is_empty() {
        names_of(&launches)
    } else {
        names.to_vec()
    };
    check_names(&names)?;
    let contestants = names
        .into_iter()
        .zip(launches)
        .map(|(name, launch)| Contestant {
            name,
            model: Model::Command,
            reference: false,
            own_checksum: false,
            launch,
        });
    let contestants: Vec<_> = contestants.collect();
    let baseline = contestants.first().map(|first| first.name.clone());
    Ok(Scenario {
        name: "commands".to_owned(),
        question: "Which of these commands takes how long?".to_owned(),
        article: None,
        baseline: baseline.context("there is no command")?,
        workers: Vec::new(),
        service: None,
        input: None,
        cases: vec![CasePlan {
            name: "as-given".to_owned(),
            title: "the commands as they were given".to_owned(),
            failing: false,
        }],
        on_request: Vec::new(),
        contestants,
    })
}

fn launch(line: &str) -> anyhow::Result<Launch> {
    let words = shlex::split(line)
        .with_context(|| format!("the command `{line}` has a quote that is not closed"))?;
    let mut words = words.into_iter();
    let program = words
        .next()
        .with_context(|| format!("the command `{line}` is empty"))?;
    Ok(Launch {
        program: Program::Command(program),
        args: words.collect(),
    })
}

/// The names of their programs, told apart by numbers.
fn names_of(launches: &[Launch]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for launch in launches {
        let Program::Command(program) = &launch.program else {
            continue;
        };
        let name = Path::new(program).file_stem().unwrap_or(program.as_ref());
        let name = name.to_string_lossy().into_owned();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|one| !names.contains(one));
        names.extend(free);
    }
    names
}

fn check_names(names: &[String]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(anyhow!(
                "the name `{}` of a command must be one line of text",
                name.escape_debug()
            ));
        }
        if !seen.insert(name) {
            return Err(anyhow!("two commands have the name `{name}`"));
        }
    }
    Ok(())
}

/// Whether the command depends on the number of workers.
pub(crate) fn varies(launch: &Launch) -> bool {
    words(launch).any(|word| word.contains(WORKERS))
}

/// The command with so many workers. Other braces are the program's.
pub(crate) fn start(launch: &Launch, workers: u32) -> Start {
    let workers = workers.to_string();
    let mut words = words(launch).map(|word| word.replace(WORKERS, &workers));
    Start {
        program: words.next().unwrap_or_default().into(),
        args: words.map(OsString::from).collect(),
    }
}

/// The command as it can be typed.
pub(crate) fn line_of(launch: &Launch) -> String {
    quoted(words(launch))
}

fn words(launch: &Launch) -> impl Iterator<Item = &str> {
    let program = match &launch.program {
        Program::Command(name) | Program::Package(name) => name.as_str(),
    };
    std::iter::once(program).chain(launch.args.iter().map(String::as_str))
}

/// A NUL, which cannot be quoted, cannot come in by a command line either.
fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let quoted = words.map(|word| shlex::try_quote(word).unwrap_or(word.into()));
    quoted.collect::<Vec<_>>().join(" ")
}

/// The command that measures the same again in the same order.
fn command_again(options: &CommandsOptions, workers: &[u32], seed: u64) -> String {
    let workers = workers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let blocks = options.counted_blocks();
    let mut again = format!("versus commands --blocks {blocks} --workers {workers} --seed {seed}");
    if options.check_output {
        again += " --check-output";
    }
    for name in &options.names {
        again += &format!(" --name {}", quoted([name.as_str()].into_iter()));
    }
    again + " " + &quoted(options.commands.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(lines: &[&str], names: &[&str]) -> anyhow::Result<Scenario> {
        let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        scenario(&owned(lines), &owned(names))
    }

    fn names(scenario: &Scenario) -> Vec<&str> {
        scenario
            .contestants
            .iter()
            .map(|one| one.name.as_str())
            .collect()
    }

    #[test]
    fn commands_are_taken_apart_as_a_shell_does_and_named_by_their_programs() {
        let made = made(&["/bin/sh -c 'a | b {workers}'", "sh x", "cat {case}"], &[]).unwrap();
        assert_eq!(names(&made), ["sh", "sh-2", "cat"]);
        assert_eq!(made.baseline, "sh");
        let launch = &made.contestants[0].launch;
        assert_eq!(start(launch, 3).args, ["-c", "a | b 3"]);
        assert_eq!(line_of(launch), "/bin/sh -c 'a | b {workers}'");
        assert!(varies(launch) && !varies(&made.contestants[2].launch));
        assert_eq!(start(&made.contestants[2].launch, 3).args, ["{case}"]);
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for (lines, given, said) in [
            (&["a 'b"][..], &[][..], "a quote that is not closed"),
            (&[" "], &[], "is empty"),
            (&["a", "b"], &["x"], "1 names for 2 commands"),
            (&["a", "b"], &["x", "x"], "two commands have the name `x`"),
        ] {
            let error = made(lines, given).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
