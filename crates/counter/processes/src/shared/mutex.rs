//! A mutex of the system that several processes share: `pthread_mutex_t` (POSIX, `man 3 pthread_mutex_lock`).

use std::cell::UnsafeCell;
use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::checked;

/// A mutex in shared memory. It guards nothing by itself.
#[repr(C)]
pub struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: that several threads, and processes, call its functions at once is what it is for; it stays at its place,
// for nobody has it but by reference into a mapping.
unsafe impl Sync for Mutex {}

/// The lock is held.
pub enum Locked<'a> {
    /// And was given back by whoever held it before.
    Given(Guard<'a>),
    /// And whoever held it before has died with it. What it guards may be in any state.
    HolderDied(HolderDied<'a>),
}

/// The lock, as long as this lives.
pub struct Guard<'a> {
    mutex: &'a Mutex,
    /// The thread that has locked must unlock.
    not_send: PhantomData<*const ()>,
}

/// The lock of a holder that has died. Dropped as it is, nobody will ever have it again.
pub struct HolderDied<'a>(Guard<'a>);

impl Mutex {
    /// Sets it up. Once, before anyone else has it. `robust`: the next one is told if its holder dies; otherwise it
    /// stays locked for ever.
    pub(super) fn set_up(&self, robust: bool) -> io::Result<()> {
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: it is given room for what it sets up.
        checked(unsafe { libc::pthread_mutexattr_init(attributes) })?;
        // SAFETY: they are set up.
        checked(unsafe {
            libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED)
        })?;
        if robust {
            make_robust(attributes)?;
        }
        // SAFETY: nobody else has the mutex yet, and it has its final place; the attributes are set up.
        checked(unsafe { libc::pthread_mutex_init(self.0.get(), attributes) })?;
        // SAFETY: they are set up and not used any more.
        checked(unsafe { libc::pthread_mutexattr_destroy(attributes) })
    }

    /// Waits for the lock.
    ///
    /// # Errors
    /// If a holder has died, and the next one could not recover what it guards.
    #[inline]
    pub fn lock(&self) -> io::Result<Locked<'_>> {
        // SAFETY: it was set up, by `Region::make`.
        let number = unsafe { libc::pthread_mutex_lock(self.0.get()) };
        let guard = Guard {
            mutex: self,
            not_send: PhantomData,
        };
        match number {
            0 => Ok(Locked::Given(guard)),
            libc::EOWNERDEAD => Ok(Locked::HolderDied(HolderDied(guard))),
            number => {
                // It is not held.
                std::mem::forget(guard);
                Err(io::Error::from_raw_os_error(number))
            }
        }
    }
}

impl<'a> Locked<'a> {
    /// The lock. If its holder has died, `recover` makes whole what it guards.
    ///
    /// # Errors
    /// If the system does not take the lock for consistent.
    #[inline]
    pub fn or_recovered(self, recover: impl FnOnce()) -> io::Result<Guard<'a>> {
        match self {
            Self::Given(guard) => Ok(guard),
            Self::HolderDied(dead) => {
                recover();
                dead.into_consistent()
            }
        }
    }
}

impl<'a> HolderDied<'a> {
    /// The lock, with what it guards made whole again: from here on it is as if nobody had died.
    #[cold]
    fn into_consistent(self) -> io::Result<Guard<'a>> {
        // SAFETY: it was set up, and this thread holds it.
        checked(unsafe { consistent(self.0.mutex.0.get()) })?;
        Ok(self.0)
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it was set up, and this thread holds it: a guard is made by `lock` alone, and does not leave its
        // thread. So there is no error to be told.
        unsafe { libc::pthread_mutex_unlock(self.mutex.0.get()) };
    }
}

#[cfg(not(target_vendor = "apple"))]
fn make_robust(attributes: *mut libc::pthread_mutexattr_t) -> io::Result<()> {
    // SAFETY: they are set up; only `set_up` calls this.
    checked(unsafe { libc::pthread_mutexattr_setrobust(attributes, libc::PTHREAD_MUTEX_ROBUST) })
}

#[cfg(not(target_vendor = "apple"))]
use libc::pthread_mutex_consistent as consistent;

/// Apple's systems have no robust mutexes: a dead holder is never told of.
#[cfg(target_vendor = "apple")]
fn make_robust(_attributes: *mut libc::pthread_mutexattr_t) -> io::Result<()> {
    Ok(())
}

#[cfg(target_vendor = "apple")]
unsafe fn consistent(_mutex: *mut libc::pthread_mutex_t) -> libc::c_int {
    libc::ENOTSUP
}
