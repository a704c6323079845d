//! Work that nobody waits for, done by threads that let others go first.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// So many threads: a long piece of work leaves one for the others.
const THREADS: usize = 2;

/// How much a thread gives way, in the system's steps from 0 to 19: enough that an answer under way is never kept
/// waiting for a processor, and not so much that a busy machine never comes to it.
#[cfg(target_os = "linux")]
const COURTESY: i32 = 10;

/// The threads, which wait until there is something to do.
pub(in crate::server) struct BackgroundThreads {
    pool: Option<ThreadPool>,
}

impl BackgroundThreads {
    pub fn start() -> BackgroundThreads {
        let pool = ThreadPoolBuilder::new()
            .num_threads(THREADS)
            .thread_name(|_| "background".to_owned())
            .start_handler(|_| give_way())
            .panic_handler(|_| tracing::error!("something in the background ended early"))
            .build();
        BackgroundThreads {
            pool: pool.inspect_err(|error| tracing::error!("no threads for the background: {error}")).ok(),
        }
    }

    /// Does something when its turn comes, in the order of the calls.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        match &self.pool {
            Some(pool) => pool.spawn_fifo(job),
            None => rayon::spawn_fifo(job),
        }
    }
}

/// Lets other threads go before the one that calls this. Threads that it starts do the same.
pub(in crate::server) fn give_way() {
    // Only on Linux is this said for one thread instead of all of the process. Without it there is more waiting, and
    // nothing else.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, COURTESY);
}

/// To be called between the steps of long work: whoever waits for this thread's processor goes first. Systems look to that
/// by themselves only every few milliseconds.
pub(in crate::server) fn let_others_go_first() {
    std::thread::yield_now();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_ends_early_keeps_nothing_else_from_being_done() {
        let background = BackgroundThreads::start();
        let (sender, receiver) = channel();
        for number in 0..20 {
            let sender = sender.clone();
            background.run(move || {
                let_others_go_first();
                assert!(number % 3 > 0, "as a feature might fail");
                sender.send(number).unwrap();
            });
        }
        drop(sender);
        let mut done: Vec<i32> = receiver.iter().collect();
        done.sort_unstable();
        assert_eq!(done, (0..20).filter(|number| number % 3 > 0).collect::<Vec<_>>());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_the_threads_of_the_background_give_way() {
        let background = BackgroundThreads::start();
        let (sender, receiver) = channel();
        background.run(move || sender.send(rustix::process::getpriority_process(None)).unwrap());
        let before = rustix::process::getpriority_process(None).unwrap();
        assert!(receiver.recv().unwrap().unwrap() >= before.max(COURTESY));
        assert_eq!(rustix::process::getpriority_process(None).unwrap(), before);
    }
}
