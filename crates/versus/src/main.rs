//! `versus` compares threads with processes on this machine.
//!
//! Or any commands (`versus commands`). `versus check` says whether the machine is quiet.
//!
//! It finds the scenarios of the workspace, builds their variants, starts them as programs in
//! randomised blocks, and says what it found. How figures are made is the business of `harness`.

mod cargo;
mod carry_out;
mod check;
mod choice;
mod cli;
mod commands;
mod diff;
mod estimate;
mod failure;
mod interrupt;
mod list;
mod measure;
mod output;
mod pages;
mod pictures;
mod progress;
mod python;
mod references;
mod report;
mod resume;
mod run;
mod session;
mod splice;
mod tables;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command};
use failure::Failure;

fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or_default();
    let done = match &command {
        Command::Run(options) => run::run(options),
        Command::Commands(options) => commands::commands(options),
        Command::Check => check::check(),
        Command::Report(options) => report::report(options),
        Command::Pages(options) => pages::pages(options),
        Command::Diff(options) => diff::diff(options),
        Command::List => list::list(),
    };
    done.map_or_else(Failure::tell, |()| ExitCode::SUCCESS)
}
