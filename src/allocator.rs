//! How the system's allocator keeps memory that is free.
//!
//! glibc learns from large buffers that come and go to keep memory of their size for the next ones, and does
//! not give it back where something small lies after it: a server that has once indexed millions of papers would
//! hold hundreds of megabytes for as long as it runs. Other systems' allocators need no such advice.

/// Buffers of this size in bytes, and larger ones, are given back to the system as soon as they are free.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_BUFFER: libc::c_int = 256 << 10;

/// So many free bytes at an end of the heap are kept for what comes next.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 2 << 20;

/// Has large buffers given back when they are free. To be called when the program starts.
#[cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "the allocator is told its limits in C")
)]
pub fn keep_no_large_buffers() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: both calls set a number of the allocator and may be made at any time; one that is refused changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BUFFER);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}

/// Gives free memory back to the system. Takes milliseconds, in which other threads may wait for memory: to be called
/// after much work, not in the middle of it.
#[cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "the allocator is asked for it in C")
)]
pub fn give_back_free_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: may be called at any time, and touches nothing that is in use.
    unsafe {
        libc::malloc_trim(0);
    }
}
