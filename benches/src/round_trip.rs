//! One small task there and its output back, with one worker that is waiting for it.

use anyhow::{Result, ensure};

use crate::bare::Echo;
use crate::{Side, no_op};

/// procpool: submit, and wait for the output.
///
/// # Errors
/// If the pool cannot be started.
pub fn submit() -> Result<Side> {
    let pool = no_op::pool(1)?;
    let mut number = 0;
    Ok(Side::whole(move || {
        number += 1;
        let output = pool.submit(number).wait()?;
        ensure!(output == number, "{number} came back as {output}");
        Ok(())
    }))
}

/// Eight bytes through an ipc-channel, and back through another.
///
/// # Errors
/// If the child cannot be started.
pub fn bare() -> Result<Side> {
    let echo = Echo::start()?;
    let mut number = 0_u64;
    Ok(Side::whole(move || {
        number += 1;
        let output = echo.round_trip(&number.to_le_bytes())?;
        ensure!(output == number.to_le_bytes(), "{number} came back changed");
        Ok(())
    }))
}
