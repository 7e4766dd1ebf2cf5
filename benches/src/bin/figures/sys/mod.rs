//! What differs between systems.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(crate) use linux::OneCore;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::OneCore;
