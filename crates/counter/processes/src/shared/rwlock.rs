//! A readers-writer lock of the system that several processes share: `pthread_rwlock_t` (POSIX).

use std::cell::UnsafeCell;
use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::checked;

/// A readers-writer lock in shared memory. It guards nothing by itself.
#[repr(C)]
pub struct RwLock(UnsafeCell<libc::pthread_rwlock_t>);

// SAFETY: as for `Mutex`.
unsafe impl Sync for RwLock {}

/// The lock for writing, as long as this lives.
pub struct Written<'a> {
    rwlock: &'a RwLock,
    /// The thread that has locked must unlock.
    not_send: PhantomData<*const ()>,
}

impl RwLock {
    /// Sets it up. Once, before anyone else has it.
    pub(super) fn set_up(&self) -> io::Result<()> {
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: it is given room for what it sets up.
        checked(unsafe { libc::pthread_rwlockattr_init(attributes) })?;
        // SAFETY: they are set up.
        checked(unsafe {
            libc::pthread_rwlockattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED)
        })?;
        // SAFETY: nobody else has the lock yet, and it has its final place; the attributes are set up.
        checked(unsafe { libc::pthread_rwlock_init(self.0.get(), attributes) })?;
        // SAFETY: they are set up and not used any more.
        checked(unsafe { libc::pthread_rwlockattr_destroy(attributes) })
    }

    /// Waits for the lock for writing.
    ///
    /// # Errors
    /// If this thread has it already.
    #[inline]
    pub fn write(&self) -> io::Result<Written<'_>> {
        // SAFETY: it was set up, by `Region::make`.
        checked(unsafe { libc::pthread_rwlock_wrlock(self.0.get()) })?;
        Ok(Written {
            rwlock: self,
            not_send: PhantomData,
        })
    }
}

impl Drop for Written<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it was set up, and this thread holds it: this is made by `write` alone, and does not leave its
        // thread. So there is no error to be told.
        unsafe { libc::pthread_rwlock_unlock(self.rwlock.0.get()) };
    }
}
