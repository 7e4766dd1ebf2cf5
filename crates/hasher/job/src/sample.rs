//! The sample input: seeded, so that every model and every machine hashes the same bytes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// The size and shape of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// 20,000 files of 1 kB: opening them is most of the work
    ManySmall,
    /// 32 files of 16 MiB: hashing them is most of the work
    FewLarge,
}

impl Case {
    /// Its name on the command line and in records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ManySmall => "many-small",
            Self::FewLarge => "few-large",
        }
    }

    /// What it is, for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::ManySmall => "20,000 files of 1 kB",
            Self::FewLarge => "32 files of 16 MiB",
        }
    }

    /// Folders, files in each, bytes in each of these.
    fn shape(self) -> (u64, u64, usize) {
        match self {
            Self::ManySmall => (100, 200, 1_000),
            Self::FewLarge => (1, 32, 16 << 20),
        }
    }
}

/// Makes the sample `case` in the folder `dir`, which is made if it is not there.
pub(crate) fn make(case: Case, seed: u64, dir: &Path) -> Result<()> {
    let (folders, files, bytes) = case.shape();
    let mut content = vec![0; bytes];
    let cannot_make = |path: &Path| format!("cannot make the folder {}", path.display());
    fs::create_dir_all(dir).with_context(|| cannot_make(dir))?;
    for folder in 0..folders {
        let folder_path = dir.join(format!("{folder:03}"));
        fs::create_dir(&folder_path).with_context(|| cannot_make(&folder_path))?;
        for file in 0..files {
            let path = folder_path.join(format!("{file:03}"));
            fill(&mut content, seed, folder * files + file);
            write(&path, &content).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// Every file has a stream of its own, so its content does not depend on the others.
fn fill(content: &mut [u8], seed: u64, file: u64) {
    Pcg64Mcg::seed_from_u64(seed ^ file.wrapping_mul(0x9e37_79b9_7f4a_7c15)).fill_bytes(content);
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    File::create(path)?.write_all(content)
}
