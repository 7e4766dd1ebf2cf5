//! What parent and worker share: messages over channels, and memory.
//!
//! Both sides are the same program, so nothing here is versioned.

pub(crate) mod body;
pub(crate) mod channel;
pub(crate) mod codec;
pub(crate) mod mapping;
pub(crate) mod orders;
pub(crate) mod outputs;
pub(crate) mod page;
pub(crate) mod regions;

use ipc_channel::ipc::{IpcBytesReceiver, IpcBytesSender, IpcReceiver, IpcSender, IpcSharedMemory};
use serde::{Deserialize, Serialize};

/// The first thing a worker sends: the parent's ends of its channels.
#[derive(Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) tasks: IpcBytesSender,
    pub(crate) outputs: IpcBytesReceiver,
    /// It closes when the parent is gone, whatever ended it: the worker's lifeline.
    pub(crate) control: IpcSender<Control>,
    pub(crate) page: IpcSharedMemory,
}

/// What a worker hears beside its tasks, also while it is busy with one.
#[derive(Serialize, Deserialize)]
pub(crate) enum Control {
    /// Read-only memory for the setup; the next one, counted from 0.
    Shared(IpcSharedMemory),
    /// A region that messages will refer to by this number, and those that none refers to any more.
    Region(u64, IpcSharedMemory, Vec<u64>),
    /// Send what is done; what is being done takes long.
    Flush,
}

/// The worker's end of [`Hello::control`].
pub(crate) type ControlReceiver = IpcReceiver<Control>;

/// The first byte of a message is the channel's own (see [`channel`]), the second says its kind; then
/// come its fields of 8 bytes each, then its body.
pub(crate) const START: usize = 2;

/// Kinds of messages.
pub(crate) mod kind {
    /// Parent to worker, the first message: the encoded setup. Field: number of shared memories.
    pub(crate) const SETUP: u8 = 1;
    /// Parent to worker: tasks, see [`super::orders`].
    pub(crate) const BATCH: u8 = 2;
    /// Worker to parent: the job stands and waits for tasks.
    pub(crate) const READY: u8 = 3;
    /// Worker to parent: the job could not be made; the body says why.
    pub(crate) const REFUSED: u8 = 4;
    /// Worker to parent: outputs, see [`super::outputs`].
    pub(crate) const OUTPUTS: u8 = 5;

    pub(crate) fn of(message: &[u8]) -> Option<u8> {
        message.get(1).copied()
    }
}

/// Where the body of a message with so many fields begins.
pub(crate) const fn head(fields: usize) -> usize {
    START + 8 * fields
}

/// Writes kind and fields at the start of a message.
pub(crate) fn put_head(message: &mut [u8], kind: u8, fields: &[u64]) {
    message[1] = kind;
    let places = message[START..].chunks_exact_mut(8);
    for (place, field) in places.zip(fields) {
        place.copy_from_slice(&field.to_le_bytes());
    }
}

/// The fields of a message; `None` if it is too short.
pub(crate) fn fields<const N: usize>(message: &[u8]) -> Option<[u64; N]> {
    let bytes = message.get(START..head(N))?;
    let mut fields = [0; N];
    for (field, chunk) in fields.iter_mut().zip(bytes.chunks_exact(8)) {
        *field = u64::from_le_bytes(*chunk.first_chunk()?);
    }
    Some(fields)
}
