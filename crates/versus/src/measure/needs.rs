//! What a case needs before it runs: what runs beside it, and its input.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::anyhow;
use harness::measure::runner::{self, Service};
use harness::measure::samples::{CasePlan, InputMade, Line};
use harness::measure::scenario::Scenario;

use super::Measurement;
use crate::failure::Failure;
use crate::interrupt;
use crate::session::Programs;

impl Measurement<'_> {
    /// Starts what runs beside all contestants, if there is such a thing.
    pub(super) fn service(
        &self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
        folder: &Path,
    ) -> Result<Option<Service>, Failure> {
        interrupt::check()?;
        let Some(service) = &scenario.service else {
            return Ok(None);
        };
        let start = self.session.start(service, 1, case, programs);
        let what = format!("{}, case {}", scenario.name, case.name);
        let failed = |fault| anyhow!("{what}: the service {fault}");
        Ok(Some(Service::start(&start, folder).map_err(failed)?))
    }

    pub(super) fn make_input(
        &mut self,
        scenario: &Scenario,
        case: &CasePlan,
        programs: &Programs<'_>,
        folder: &Path,
    ) -> Result<(), Failure> {
        interrupt::check()?;
        let Some(input) = &scenario.input else {
            return Ok(());
        };
        let limit = self.session.limit;
        let workers = self.session.most_workers(scenario);
        let start = self.session.start(input, workers, case, programs);
        let began = Instant::now();
        if let Err(fault) = runner::make_input(&start, folder, limit) {
            if interrupt::explains(&fault) {
                return Err(Failure::Interrupted);
            }
            let what = format!("{}, case {}", scenario.name, case.name);
            return Err(anyhow!("{what}: the program that makes the input {fault}").into());
        }
        // What was written goes to the disk now, and not while the contestants run. Where there is no
        // such program, the warm-up block gives the system time.
        let _ = Command::new("sync").status();
        self.write(&Line::Input(InputMade {
            scenario: scenario.name.clone(),
            case: case.name.clone(),
            took_ns: began.elapsed().as_nanos() as u64,
        }))?;
        Ok(())
    }
}
