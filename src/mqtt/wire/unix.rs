//! A socket in the file system.

use std::time::Instant;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::ConnectOptions;
use crate::mqtt::step::{Report, Step};
use crate::mqtt::wire::Stream;
use crate::mqtt::wire::deadline::Deadline;

/// How the step is called.
pub(super) fn step_name(options: &ConnectOptions) -> String {
    format!("Connection to the socket {}", options.host.trim())
}

/// Connects to it.
pub(super) async fn connect(
    options: &ConnectOptions,
    deadline: Deadline,
    report: Report<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let since = Instant::now();
    let result = open(options, deadline).await;
    match &result {
        Ok(_) => report(Step::ok(step_name(options), since.elapsed())),
        Err(failure) => report(Step::failed(failure, since.elapsed())),
    }
    result
}

#[cfg(unix)]
async fn open(options: &ConnectOptions, deadline: Deadline) -> Result<Box<dyn Stream>, Failure> {
    use crate::mqtt::wire::explain;

    let what = step_name(options);
    match deadline.limit(tokio::net::UnixStream::connect(options.host.trim())).await {
        None => Err(explain::unix_timeout(&what, &deadline.words())),
        Some(Err(error)) => Err(explain::unix(&what, &error)),
        Some(Ok(stream)) => Ok(Box::new(stream)),
    }
}

#[cfg(not(unix))]
async fn open(options: &ConnectOptions, _: Deadline) -> Result<Box<dyn Stream>, Failure> {
    Err(Failure::new(
        step_name(options),
        "this system has no such sockets for programs like this",
        "Choose the protocol mqtt and the broker's port.",
    ))
}
