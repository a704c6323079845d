//! Work that no user waits for, done by threads of low priority.

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::priority::lower_priority;

/// The number of threads: a long job leaves one for the others.
const THREADS: usize = 2;

/// A pool of threads of low priority.
pub(super) struct BackgroundThreads {
    pool: Option<ThreadPool>,
}

impl BackgroundThreads {
    pub fn start() -> BackgroundThreads {
        BackgroundThreads { pool: low_priority_pool("background") }
    }

    /// Runs a job after those before it.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        match &self.pool {
            Some(pool) => pool.spawn_fifo(job),
            None => rayon::spawn_fifo(job),
        }
    }
}

/// A pool of threads of low priority. Parallel iterators within its jobs run on these threads as well.
pub(super) fn low_priority_pool(name: &'static str) -> Option<ThreadPool> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .thread_name(move |_| name.to_owned())
        .start_handler(|_| lower_priority())
        .panic_handler(move |_| tracing::error!("something on the threads {name} ended early"))
        .build();
    pool.inspect_err(|error| tracing::error!("no threads {name}: {error}")).ok()
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
    fn only_the_threads_of_the_background_have_a_low_priority() {
        let own = || rustix::process::getpriority_process(None).unwrap();
        let before = own();
        let background = BackgroundThreads::start();
        let (sender, receiver) = channel();
        background.run(move || {
            let (one, other) = rayon::join(own, own);
            sender.send(one.min(other)).unwrap();
        });
        assert!(receiver.recv().unwrap() > before || before == 19);
        assert_eq!(own(), before);
    }
}
