//! Connections over a socket file.

use std::time::Instant;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::ConnectOptions;
use crate::mqtt::step::{Step, StepReport, TakenStep};
use crate::mqtt::wire::Stream;
use crate::mqtt::wire::deadline::Deadline;

/// The step that [`connect`] performs.
pub(super) fn step(options: &ConnectOptions) -> Step {
    Step::Socket(options.host.trim().to_owned())
}

/// Opens the socket.
pub(super) async fn connect(
    options: &ConnectOptions,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let since = Instant::now();
    let result = open(options, deadline).await;
    match &result {
        Ok(_) => report(TakenStep::ok(step(options), since.elapsed())),
        Err(failure) => report(TakenStep::failed(failure, since.elapsed())),
    }
    result
}

#[cfg(unix)]
async fn open(options: &ConnectOptions, deadline: Deadline) -> Result<Box<dyn Stream>, Failure> {
    use crate::mqtt::failure::Hint;
    use crate::mqtt::wire::explain;

    let step = step(options);
    match deadline.limit(tokio::net::UnixStream::connect(options.host.trim())).await {
        None => Err(Failure::new(step, deadline.cause(), Hint::BrokerHangs)),
        Some(Err(error)) => Err(explain::socket(step, &error)),
        Some(Ok(stream)) => Ok(Box::new(stream)),
    }
}

#[cfg(not(unix))]
#[expect(clippy::unused_async, reason = "it is awaited like the one for Unix")]
async fn open(options: &ConnectOptions, _: Deadline) -> Result<Box<dyn Stream>, Failure> {
    use crate::mqtt::failure::{Hint, SocketCause};

    Err(Failure::new(step(options), SocketCause::Unsupported, Hint::UseTcp))
}
