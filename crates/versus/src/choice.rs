//! Which scenarios, cases and contestants are measured.

use anyhow::anyhow;
use harness::measure::scenario::{Contestant, Scenario};

use crate::cli::RunOptions;
use crate::failure::Failure;
use crate::workspace::Workspace;
use harness::say;

/// The scenarios that the options ask for, with only those cases and contestants that they ask for.
pub(crate) fn choose(
    workspace: &Workspace,
    options: &RunOptions,
) -> Result<Vec<Scenario>, Failure> {
    let mut scenarios = Vec::new();
    for name in chosen_names(workspace, options)? {
        scenarios.push(workspace.read(name)?);
    }
    check_cases(&scenarios, options)?;
    for scenario in &mut scenarios {
        let asked = |name: &String| match options.cases.as_slice() {
            [] => !scenario.on_request.contains(name),
            cases => cases.contains(name),
        };
        scenario.cases.retain(|case| asked(&case.name));
        if !options.workers.is_empty() {
            scenario.workers.clear();
        }
        choose_contestants(scenario, options);
    }
    scenarios.retain(|scenario| is_worthwhile(scenario, options));
    if scenarios.is_empty() {
        return Err(Failure::Usage(anyhow!("nothing left to measure")));
    }
    Ok(scenarios)
}

/// In the order of the workspace, each once.
fn chosen_names<'a>(
    workspace: &'a Workspace,
    options: &RunOptions,
) -> Result<Vec<&'a str>, Failure> {
    let known: Vec<_> = workspace.scenarios.iter().map(String::as_str).collect();
    if options.scenarios.is_empty() {
        return Ok(known);
    }
    for name in &options.scenarios {
        check_known("scenario", name, &known)?;
    }
    Ok(known
        .into_iter()
        .filter(|name| options.scenarios.iter().any(|asked| asked == name))
        .collect())
}

fn check_cases(scenarios: &[Scenario], options: &RunOptions) -> Result<(), Failure> {
    let cases = scenarios.iter().flat_map(|scenario| &scenario.cases);
    let known: Vec<_> = cases.map(|case| case.name.as_str()).collect();
    options
        .cases
        .iter()
        .try_for_each(|name| check_known("case", name, &known))
}

fn check_known(what: &str, name: &str, known: &[&str]) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let hint = nearest(name, known).map_or_else(
        || format!("there are: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::Usage(anyhow!("no {what} `{name}`: {hint}")))
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // The bound that cargo and clap have found good.
    const ALIKE: f64 = 0.7;
    let rated = known
        .iter()
        .map(|other| (strsim::jaro_winkler(name, other), *other));
    let (likeness, best) = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness > ALIKE).then_some(best)
}

fn choose_contestants(scenario: &mut Scenario, options: &RunOptions) {
    let Scenario {
        baseline,
        contestants,
        ..
    } = scenario;
    let asked = |contestant: &Contestant| {
        options.models.is_empty()
            || options.models.contains(&contestant.model)
            // Everything is compared with it, so it runs in any case.
            || contestant.name == *baseline
    };
    contestants
        .retain(|contestant| asked(contestant) && (options.references || !contestant.reference));
}

/// Says so if not.
fn is_worthwhile(scenario: &Scenario, options: &RunOptions) -> bool {
    let mut models = scenario
        .contestants
        .iter()
        .map(|contestant| contestant.model);
    let lack = if scenario.cases.is_empty() {
        "cases"
    } else if !options.models.is_empty() && !models.any(|model| options.models.contains(&model)) {
        "models"
    } else {
        return true;
    };
    say!("{}: left out, it has none of these {lack}", scenario.name);
    false
}

#[cfg(test)]
mod tests {
    use harness::measure::samples::CasePlan;
    use harness::measure::scenario::{Launch, Program};
    use harness::record::Model;

    use super::*;

    fn contestant(name: &str, model: Model, command: Option<&[&str]>) -> Contestant {
        let (program, args) = match command {
            None => (Program::Package(name.to_owned()), &[][..]),
            Some(command) => (Program::Command(command[0].to_owned()), &command[1..]),
        };
        Contestant {
            name: name.to_owned(),
            model,
            reference: command.is_some(),
            own_checksum: false,
            launch: Launch {
                program,
                args: args.iter().map(ToString::to_string).collect(),
            },
        }
    }

    fn scenario() -> Scenario {
        Scenario {
            name: "job".to_owned(),
            question: "Which?".to_owned(),
            article: None,
            baseline: "threads".to_owned(),
            workers: Vec::new(),
            service: None,
            input: None,
            cases: vec![CasePlan {
                name: "small".to_owned(),
                title: "one".to_owned(),
                failing: false,
            }],
            on_request: Vec::new(),
            contestants: vec![
                contestant("sequential", Model::Sequential, None),
                contestant("threads", Model::Threads, None),
                contestant("processes", Model::Processes, None),
                contestant("other", Model::Threads, Some(&["sh", "{root}/Cargo.toml"])),
            ],
        }
    }

    fn left(options: &RunOptions) -> Vec<String> {
        let mut scenario = scenario();
        choose_contestants(&mut scenario, options);
        scenario
            .contestants
            .into_iter()
            .map(|contestant| contestant.name)
            .collect()
    }

    #[test]
    fn references_run_only_when_asked_for() {
        assert_eq!(
            left(&RunOptions::default()),
            ["sequential", "threads", "processes"]
        );
        let options = RunOptions {
            references: true,
            ..RunOptions::default()
        };
        assert_eq!(
            left(&options),
            ["sequential", "threads", "processes", "other"]
        );
    }

    #[test]
    fn models_keep_the_baseline() {
        let options = RunOptions {
            models: vec![Model::Processes],
            ..RunOptions::default()
        };
        assert_eq!(left(&options), ["threads", "processes"]);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_or_with_all() {
        let said = |name| match check_known("scenario", name, &["hasher", "resizer"]) {
            Err(Failure::Usage(error)) => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(said("hashr"), "no scenario `hashr`: did you mean `hasher`?");
        assert_eq!(said("zzz"), "no scenario `zzz`: there are: hasher, resizer");
        assert!(check_known("scenario", "hasher", &["hasher"]).is_ok());
    }
}
