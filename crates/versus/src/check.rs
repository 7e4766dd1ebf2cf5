//! `versus check`: what this machine is, whether it is quiet, what can be measured on it.

use std::env;
use std::fmt::Write;
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};
use harness::measure::environment::Environment;
use harness::measure::machine::{Moment, abilities, effective_cores};
use harness::measure::samples::BlockState;

use crate::failure::Failure;
use crate::output;
use crate::python;

/// For how long the machine is watched while nothing is done.
const WATCHED: Duration = Duration::from_secs(1);
/// How often its cores are tried out.
const TRIES: usize = 5;
/// What of the cores must be there. The rest may be lost to a clock that is slower when all are busy.
const CORES_SHARE: f64 = 0.85;
/// What others may use of the processors.
const OTHERS_SHARE: f64 = 0.05;
/// What the hypervisor may give to others.
const STEAL_SHARE: f64 = 0.02;

pub(crate) fn check() -> Result<(), Failure> {
    let here = env::current_dir().context("cannot tell which folder this is")?;
    let environment = Environment::read(&here);
    let moment = Moment::now();
    thread::sleep(WATCHED);
    let idle = moment.until_now();
    let mut cores: Vec<f64> = (0..TRIES).filter_map(|_| effective_cores()).collect();
    cores.sort_by(f64::total_cmp);
    let mut text = String::new();
    describe(&environment, &mut text);
    state(&environment, &idle, &cores, &mut text);
    section("can be measured here", &mut text);
    for (what, can) in abilities() {
        line(what, Some(if can { "yes" } else { "no" }), &mut text);
    }
    let python = match python::find(None) {
        Ok(python) => format!("Python {}, {}", python.version, python.lock),
        Err(why) => format!("not in Python: {why}"),
    };
    line(
        "programs of others (--references)",
        Some(&python),
        &mut text,
    );
    let complaints = complaints(&environment, &idle, &cores);
    section("verdict", &mut text);
    if complaints.is_empty() {
        text += "  quiet: figures made now will hold\n";
    }
    for complaint in &complaints {
        let _ = writeln!(text, "  {complaint}");
    }
    output::print(&text)?;
    if complaints.is_empty() {
        return Ok(());
    }
    Err(anyhow!("this machine is not quiet").into())
}

fn describe(machine: &Environment, text: &mut String) {
    section("machine", text);
    let number = |figure: Option<u32>| figure.map(|figure| figure.to_string());
    line("processor", machine.cpu.as_deref(), text);
    line("processors", number(machine.processors).as_deref(), text);
    line(
        "may be used at once",
        number(machine.cores).as_deref(),
        text,
    );
    line("may be run on", machine.affinity.as_deref(), text);
    let quota = machine
        .quota_cores
        .map(|cores| format!("{cores:.2} processors"));
    line("quota", Some(quota.as_deref().unwrap_or("none")), text);
    let memory = machine
        .memory_bytes
        .map(|bytes| format!("{:.1} GiB", bytes as f64 / (1_u64 << 30) as f64));
    line("memory", memory.as_deref(), text);
    line("system", machine.system.as_deref(), text);
    line("virtualisation", machine.virtualisation.as_deref(), text);
    line("frequency governor", machine.governor.as_deref(), text);
}

fn state(machine: &Environment, idle: &BlockState, cores: &[f64], text: &mut String) {
    section("now", text);
    let percent = |share: Option<f64>| share.map(|share| format!("{:.1} %", share * 100.0));
    let tried = cores.first().zip(cores.last()).map(|(least, most)| {
        format!(
            "{:.2} in the middle of {} tries ({least:.2} to {most:.2})",
            cores[cores.len() / 2],
            cores.len()
        )
    });
    line("effective cores", tried.as_deref(), text);
    line(
        "used by other programs",
        percent(idle.others_share).as_deref(),
        text,
    );
    line(
        "given to other machines",
        percent(idle.steal_share).as_deref(),
        text,
    );
    line(
        "some task waited for a processor",
        percent(idle.pressure_share).as_deref(),
        text,
    );
    line(
        "load of the last minute",
        machine.load.map(|load| format!("{load:.2}")).as_deref(),
        text,
    );
}

fn section(title: &str, text: &mut String) {
    *text += title;
    *text += "\n";
}

fn line(what: &str, value: Option<&str>, text: &mut String) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {what:56}{}", value.unwrap_or("not known here"));
}

/// What speaks against measuring now.
fn complaints(machine: &Environment, idle: &BlockState, cores: &[f64]) -> Vec<String> {
    let mut found = Vec::new();
    let should = f64::from(machine.cores.unwrap_or(1));
    match cores.get(cores.len() / 2) {
        None => found.push("the cores could not be tried out".to_owned()),
        Some(there) if *there < CORES_SHARE * should => found.push(format!(
            "only {there:.2} of {should:.0} cores are there: others have the rest, or the host does"
        )),
        Some(_) => {}
    }
    if machine.cores == Some(1) {
        found.push("one core: several workers cannot be faster than one here".to_owned());
    }
    if let Some(share) = idle.others_share.filter(|share| *share > OTHERS_SHARE) {
        found.push(format!(
            "other programs use {:.0} % of the processors",
            share * 100.0
        ));
    }
    if let Some(share) = idle.steal_share.filter(|share| *share > STEAL_SHARE) {
        found.push(format!(
            "the host gives {:.0} % of the processors to others",
            share * 100.0
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_against_measuring_is_said() {
        let machine = |cores| Environment {
            cores: Some(cores),
            ..Environment::default()
        };
        let idle = |others, steal| BlockState {
            others_share: Some(others),
            steal_share: Some(steal),
            ..BlockState::default()
        };
        let quiet = idle(0.01, 0.0);
        let said = |machine, idle: &BlockState, cores: &[f64]| {
            complaints(&machine, idle, cores).join("; ")
        };
        assert_eq!(said(machine(2), &quiet, &[1.9, 1.95, 2.0]), "");
        assert!(said(machine(2), &quiet, &[1.0, 1.1, 2.0]).contains("only 1.10 of 2 cores"));
        assert!(said(machine(1), &quiet, &[1.0]).contains("one core"));
        assert!(said(machine(2), &quiet, &[]).contains("could not be tried"));
        assert!(said(machine(2), &idle(0.5, 0.0), &[2.0]).contains("use 50 %"));
        assert!(said(machine(2), &idle(0.0, 0.1), &[2.0]).contains("gives 10 %"));
    }
}
