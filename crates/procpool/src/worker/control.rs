//! What a worker's two threads have in common: the one that works and the one that listens, also while
//! a task takes long.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::{io, process, thread};

use ipc_channel::IpcError;
use ipc_channel::ipc::IpcSharedMemory;

use super::UNFIT;
use crate::sys;
use crate::wire::channel::Sender;
use crate::wire::mapping::Mapping;
use crate::wire::outputs::Writer;
use crate::wire::page::{Page, Usage};
use crate::wire::regions::Regions;
use crate::wire::{Control, ControlReceiver};

/// This process, if it is a worker.
static WORKER: OnceLock<Arc<Common>> = OnceLock::new();

pub(super) struct Common {
    pub(super) page: Page,
    pub(super) regions: Arc<Regions>,
    /// Whoever has it may send: so the channel has one sender at a time.
    writer: Mutex<Writer>,
    outputs: Sender,
    shared_data: Mutex<Vec<Arc<IpcSharedMemory>>>,
    added: Condvar,
}

/// Tells the pool that the job has got on by so many units: bytes, lines, whatever it counts.
/// [`Pool::progress`](crate::Pool::progress) is the sum over all workers. Costs a few nanoseconds; does
/// nothing outside of a worker.
pub fn advance(units: u64) {
    if let Some(worker) = WORKER.get() {
        worker.page.advance(units);
    }
}

impl Common {
    /// Starts the thread that listens.
    pub(super) fn start(
        outputs: Sender,
        page: Page,
        control: ControlReceiver,
    ) -> io::Result<Arc<Common>> {
        let common = Arc::new(Common {
            page,
            regions: Arc::default(),
            writer: Mutex::new(Writer::new()),
            outputs,
            shared_data: Mutex::default(),
            added: Condvar::new(),
        });
        let _ = WORKER.set(Arc::clone(&common));
        let listening = Arc::clone(&common);
        thread::Builder::new()
            .name("procpool-control".into())
            .spawn(move || listening.listen(&control))?;
        Ok(common)
    }

    fn listen(&self, control: &ControlReceiver) -> ! {
        loop {
            // It panics where a region cannot be mapped. Whoever needs the region ends the worker; this
            // thread lives on, for the worker's life hangs on it.
            let heard = panic::catch_unwind(AssertUnwindSafe(|| match control.recv() {
                Ok(message) => self.obey(message),
                Err(IpcError::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                // The parent is gone, whatever ended it, while the job may be computing or waiting for
                // something else.
                Err(_) => sys::die(),
            }));
            if heard.is_err() {
                self.regions.lose();
            }
        }
    }

    fn obey(&self, message: Control) {
        match message {
            Control::Shared(memory) => {
                let mut shared = self.lock_shared();
                shared.push(Arc::new(memory));
                self.added.notify_all();
            }
            Control::Region(id, memory, gone) => {
                for id in gone {
                    self.regions.forget(id);
                }
                self.regions.add(id, Mapping::of(memory));
            }
            Control::Flush => {
                let mut writer = self.writer();
                if writer.summary.count > 0 {
                    self.report(&mut writer, 0);
                }
            }
        }
    }

    fn lock_shared(&self) -> MutexGuard<'_, Vec<Arc<IpcSharedMemory>>> {
        self.shared_data
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The memory that the setup refers to, when so many have come.
    pub(super) fn shared_data(&self, count: usize) -> Vec<Arc<IpcSharedMemory>> {
        let missing = |shared: &mut Vec<_>| shared.len() < count;
        let shared = self.added.wait_while(self.lock_shared(), missing);
        shared.unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[inline]
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        // Encoding is the user's code and may panic; what it leaves half done is cut off.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the outputs that are done; so many tasks behind them are left out.
    pub(super) fn report(&self, writer: &mut Writer, left_out: u64) {
        writer.finish(left_out, |message| self.send(message));
    }

    /// Sends, or ends the process if nobody is there to receive.
    pub(super) fn send(&self, message: &mut [u8]) {
        if self.outputs.send(message).is_err() {
            process::exit(UNFIT)
        }
    }

    /// Notes what this process has used, for the parent to see.
    pub(super) fn note_usage(&self) {
        let usage = sys::usage(None).unwrap_or_default();
        let cpu_ns = sys::cpu_ns();
        self.page.note(Usage { cpu_ns, ..usage });
    }
}
