//! `versus run --resume`: the rest of a measurement that was interrupted.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use harness::measure::environment::Environment;
use harness::measure::results::{PARTIAL, SAMPLES};
use harness::measure::samples::{self, Header, Samples, ScenarioPlan};
use harness::measure::scenario::Scenario;
use harness::record::Model;
use harness::say;

use crate::carry_out::{Earlier, carry_out};
use crate::cli::{RunOptions, limit_of};
use crate::commands;
use crate::failure::Failure;
use crate::references::References;
use crate::session::Session;
use crate::workspace::Workspace;

pub(crate) fn resume(folder: &Path, options: &RunOptions) -> Result<(), Failure> {
    let path = folder.join(SAMPLES);
    let read = samples::read(&path).map_err(anyhow::Error::from)?;
    if let Some(warning) = &read.warning {
        say!("versus: warning: {}: {warning}", path.display());
    }
    let place = place(folder, options)?;
    let (root, scenarios) = scenarios(&read.header)?;
    let references = References::look(&scenarios, &root, python_of(&read.header).as_deref())?;
    let session = Session {
        root: &root,
        scenarios: &scenarios,
        blocks: read.header.blocks,
        workers: read
            .header
            .scenarios
            .first()
            .map(workers)
            .unwrap_or_default(),
        seed: read.header.seed,
        command: read.header.command.clone(),
        limit: limit_of(options.limit),
        check_output: read.header.check_output,
        references,
    };
    let plans: Vec<_> = scenarios.iter().map(|one| session.plan(one)).collect();
    if plans != read.header.scenarios {
        return Err(anyhow!(
            "{}: its scenarios are no longer what they were when it began: start anew",
            path.display()
        )
        .into());
    }
    let earlier = Earlier {
        samples: read,
        folder: folder.to_owned(),
    };
    carry_out(&session, &place, Some(earlier))
}

/// Where the results were to go: what the folder was made beside.
fn place(folder: &Path, options: &RunOptions) -> anyhow::Result<PathBuf> {
    if let Some(place) = &options.out {
        return Ok(place.clone());
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let (name, _) = name.rsplit_once(PARTIAL).with_context(|| {
        let folder = folder.display();
        format!("{folder} is not named like the folder of an interrupted measurement: say by --out where the results go")
    })?;
    Ok(folder.with_file_name(name))
}

/// The interpreter that was asked for.
fn python_of(header: &Header) -> Option<String> {
    let mut words = header.command.split(' ');
    words.find(|word| *word == "--python")?;
    words.next().map(str::to_owned)
}

fn scenarios(header: &Header) -> anyhow::Result<(PathBuf, Vec<Scenario>)> {
    let plans = &header.scenarios;
    let is_command = |plan: &ScenarioPlan| plan.contestants.iter().any(|one| one.command.is_some());
    if plans.iter().any(is_command) {
        let here = env::current_dir().context("cannot tell which folder this is")?;
        let scenarios = plans.iter().map(of_commands).collect::<Result<_, _>>()?;
        return Ok((here, scenarios));
    }
    let workspace = Workspace::find()?;
    let mut scenarios = Vec::new();
    for plan in plans {
        scenarios.push(of_workspace(&workspace, plan)?);
    }
    Ok((workspace.root, scenarios))
}

fn of_commands(plan: &ScenarioPlan) -> anyhow::Result<Scenario> {
    let (mut lines, mut names) = (Vec::new(), Vec::<String>::new());
    for contestant in &plan.contestants {
        if !names.contains(&contestant.name) {
            names.push(contestant.name.clone());
            lines.push(contestant.command.clone().unwrap_or_default());
        }
    }
    commands::scenario(&lines, &names)
}

fn of_workspace(workspace: &Workspace, plan: &ScenarioPlan) -> anyhow::Result<Scenario> {
    if !workspace.scenarios.contains(&plan.name) {
        bail!("scenario `{}` is no longer there: start anew", plan.name);
    }
    let mut scenario = workspace.read(&plan.name)?;
    scenario.cases.retain(|case| plan.cases.contains(case));
    scenario.contestants.retain(|one| {
        plan.contestants
            .iter()
            .any(|planned| planned.name == one.name)
    });
    // Each scenario goes on with its own, whoever had chosen them.
    scenario.workers = workers(plan);
    Ok(scenario)
}

/// Those of whichever contestant runs with most of them.
fn workers(plan: &ScenarioPlan) -> Vec<u32> {
    let mut by_name: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let contestants = plan.contestants.iter();
    for one in contestants.filter(|one| one.model != Model::Sequential) {
        by_name.entry(&one.name).or_default().push(one.workers);
    }
    // A command without `{workers}` has 1 and no other, which may be less than was asked for.
    let most = by_name
        .into_values()
        .max_by_key(|workers| (workers.len(), workers.iter().max().copied()));
    most.unwrap_or_else(|| vec![1])
}

/// What counts of the earlier samples, to be gone on with as `now` would have begun: all but a block that
/// is not complete. Its runs met another machine than the rest of it would.
pub(crate) fn goes_on(now: &Header, earlier: &Samples) -> anyhow::Result<Samples> {
    same_machine(&now.environment, &earlier.header.environment)?;
    if now.version != earlier.header.version {
        bail!(
            "it began with versus {}, and this is {}: start anew",
            earlier.header.version,
            now.version
        );
    }
    if now
        .environment
        .commit
        .as_ref()
        .is_some_and(|commit| commit.ends_with('+'))
    {
        say!(
            "versus: warning: the checkout has changes that are not committed; nobody knows whether they are those \
             of the first runs"
        );
    }
    let mut samples = earlier.clone();
    let mut runs: BTreeMap<(String, String, u32), usize> = BTreeMap::new();
    for sample in &samples.samples {
        *runs
            .entry((sample.scenario.clone(), sample.case.clone(), sample.block))
            .or_default() += 1;
    }
    let complete = |scenario: &str, case: &str, block: u32| {
        let plan = now.scenarios.iter().find(|plan| plan.name == scenario);
        let runs = runs.get(&(scenario.to_owned(), case.to_owned(), block));
        plan.is_some_and(|plan| runs == Some(&runs_a_block(plan)))
    };
    samples
        .samples
        .retain(|one| complete(&one.scenario, &one.case, one.block));
    samples
        .blocks
        .retain(|one| complete(&one.scenario, &one.case, one.block));
    let again = earlier.samples.len() - samples.samples.len();
    say!(
        "{} samples are there; {again} of a block that was not complete are measured again",
        samples.samples.len()
    );
    Ok(samples)
}

fn runs_a_block(plan: &ScenarioPlan) -> usize {
    let control = plan
        .contestants
        .iter()
        .filter(|one| one.name == plan.baseline);
    plan.contestants.len() + control.count()
}

fn same_machine(now: &Environment, then: &Environment) -> anyhow::Result<()> {
    let differs = [
        ("processor", now.cpu != then.cpu),
        ("number of cores", now.cores != then.cores),
        ("number of processors", now.processors != then.processors),
        ("affinity", now.affinity != then.affinity),
        ("quota", now.quota_cores != then.quota_cores),
        ("governor", now.governor != then.governor),
        ("memory", now.memory_bytes != then.memory_bytes),
        ("virtualisation", now.virtualisation != then.virtualisation),
        ("system", now.system != then.system),
        ("compiler", now.compiler != then.compiler),
        ("commit", now.commit != then.commit),
    ];
    match differs.iter().find(|(_, differs)| *differs) {
        None => Ok(()),
        Some((what, _)) => bail!(
            "the {what} is another one than when the measurement began, so that its runs cannot be \
             compared with new ones: start anew"
        ),
    }
}
