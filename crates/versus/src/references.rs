//! What reference programs need to run here. They are not part of the workspace: what is missing is said, in the results
//! too, and is no failure.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::anyhow;
use harness::measure::scenario::{Contestant, Program, Scenario, Values};

use crate::failure::Failure;
use crate::python::{self, Python};

/// What stands in `scenario.toml` for the interpreter.
const PYTHON: &str = "{python}";

/// What the reference programs of a measurement find here.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    interpreter: Interpreter,
    missing: Vec<Missing>,
}

/// A contestant that cannot be started here.
#[derive(Clone, Debug)]
struct Missing {
    scenario: String,
    contestant: String,
    reason: String,
}

impl References {
    /// Looks for what the contestants need. `asked` is the interpreter that the user wants: that it is not there
    /// is a wrong command line, where the lack of any is none.
    pub(crate) fn look(
        scenarios: &[Scenario],
        root: &Path,
        asked: Option<&str>,
    ) -> Result<Self, Failure> {
        let interpreter = Interpreter::for_scenarios(scenarios, asked);
        if let (Interpreter::Missing(why), Some(_)) = (&interpreter, asked) {
            return Err(Failure::Usage(anyhow!("{why}")));
        }
        let mut all = Vec::new();
        for scenario in scenarios {
            for contestant in &scenario.contestants {
                all.extend(
                    missing(contestant, root, &interpreter).map(|reason| Missing {
                        scenario: scenario.name.clone(),
                        contestant: contestant.name.clone(),
                        reason,
                    }),
                );
            }
        }
        Ok(Self {
            interpreter,
            missing: all,
        })
    }

    /// Why a contestant cannot be started here, if it cannot.
    pub(crate) fn why_missing(&self, scenario: &str, contestant: &str) -> Option<&str> {
        let mut all = self.missing.iter();
        let is_it = |one: &&Missing| {
            (one.scenario.as_str(), one.contestant.as_str()) == (scenario, contestant)
        };
        all.find(is_it).map(|one| one.reason.as_str())
    }

    /// The interpreter, if one is needed and there.
    pub(crate) fn python(&self) -> Option<&Python> {
        match &self.interpreter {
            Interpreter::Found(python) => Some(python),
            Interpreter::NotNeeded | Interpreter::Missing(_) => None,
        }
    }

    /// The program of the interpreter; empty if there is none.
    pub(crate) fn python_program(&self) -> &Path {
        self.interpreter.program()
    }
}

/// The interpreter of a measurement, if any of its programs needs one.
#[derive(Clone, Debug, Default)]
enum Interpreter {
    /// No contestant needs it.
    #[default]
    NotNeeded,
    /// This one.
    Found(Python),
    /// There is none.
    Missing(String),
}

impl Interpreter {
    /// Looks for it, if a contestant needs it.
    fn for_scenarios(scenarios: &[Scenario], asked: Option<&str>) -> Self {
        let mut contestants = scenarios.iter().flat_map(|one| &one.contestants);
        if !contestants.any(needs_python) {
            return Self::NotNeeded;
        }
        match python::find(asked) {
            Ok(python) => Self::Found(python),
            Err(why) => Self::Missing(why),
        }
    }

    fn program(&self) -> &Path {
        match self {
            Self::Found(python) => &python.program,
            Self::NotNeeded | Self::Missing(_) => Path::new(""),
        }
    }
}

fn needs_python(contestant: &Contestant) -> bool {
    matches!(&contestant.launch.program, Program::Command(program) if program == PYTHON)
}

/// Why a contestant cannot be started here; `None` if it can, as far as that can be seen before.
fn missing(contestant: &Contestant, root: &Path, interpreter: &Interpreter) -> Option<String> {
    let launch = &contestant.launch;
    let Program::Command(program) = &launch.program else {
        return None;
    };
    if !contestant.reference {
        return None;
    }
    let values = Values {
        workers: 1,
        case: "",
        seed: 0,
        service: "",
        root,
        python: interpreter.program(),
    };
    match interpreter {
        Interpreter::Missing(why) if needs_python(contestant) => return Some(why.clone()),
        _ if !is_program(&values.fill(program)) => {
            return Some(format!("there is no program `{program}`"));
        }
        _ => {}
    }
    let mut files = launch.args.iter().filter(|arg| arg.starts_with("{root}/"));
    files
        .find(|file| !Path::new(&values.fill(file)).exists())
        .map(|file| format!("there is no {}", file.trim_start_matches("{root}/")))
}

/// A path is taken as it is, a mere name is looked up as a shell would.
fn is_program(name: &OsStr) -> bool {
    if Path::new(name).components().count() > 1 {
        return Path::new(name).is_file();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| {
        let program = folder.join(name);
        program.is_file() || program.with_extension(env::consts::EXE_EXTENSION).is_file()
    })
}

#[cfg(test)]
mod tests {
    use harness::measure::scenario::Launch;
    use harness::record::Model;

    use super::*;

    fn reference(command: &[&str]) -> Contestant {
        Contestant {
            name: "other".to_owned(),
            model: Model::Threads,
            reference: true,
            own_checksum: false,
            launch: Launch {
                program: Program::Command(command[0].to_owned()),
                args: command[1..].iter().map(ToString::to_string).collect(),
            },
        }
    }

    fn lacks(command: &[&str], interpreter: &Interpreter) -> Option<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        missing(&reference(command), root, interpreter)
    }

    #[test]
    fn programs_files_and_interpreters_are_looked_for() {
        let none = &Interpreter::NotNeeded;
        assert_eq!(lacks(&["cargo", "{root}/Cargo.toml"], none), None);
        let said = |command: &[&str], interpreter| lacks(command, interpreter).unwrap();
        assert_eq!(
            said(&["no-such-program"], none),
            "there is no program `no-such-program`"
        );
        assert_eq!(
            said(&["cargo", "{root}/no/such.sh"], none),
            "there is no no/such.sh"
        );
        let missing = Interpreter::Missing("no Python".to_owned());
        assert_eq!(
            said(&["{python}", "{root}/Cargo.toml"], &missing),
            "no Python"
        );
        assert_eq!(lacks(&["cargo"], &missing), None);
    }

    #[test]
    fn who_is_of_the_workspace_is_never_missing() {
        let own = Contestant {
            reference: false,
            ..reference(&["no-such-program"])
        };
        assert_eq!(missing(&own, Path::new("."), &Interpreter::NotNeeded), None);
    }
}
