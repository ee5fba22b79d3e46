//! Threads for what nobody waits for at this moment: they give way to those that answer requests, so
//! that a large network is worked out without holding up pages.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How much less the threads insist on a processor, of 19 at most.
const NICE: i32 = 15;

/// As many threads as processors; `None` where the system gives none, and work is done by the caller.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let built = ThreadPoolBuilder::new()
        .thread_name(|at| format!("background-{at}"))
        .start_handler(|_| {
            // Linux counts this by thread. Where it is refused the work is only less polite.
            let _refused = rustix::process::nice(NICE);
        })
        .build();
    built.inspect_err(|error| tracing::warn!("no threads for background work: {error}")).ok()
});

/// Does work on those threads, with all that it does in parallel, and waits for it.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match &*POOL {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
