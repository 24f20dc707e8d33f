//! The byte stream below MQTT, dialled with its reported steps.

use std::time::Duration;

use mqttree::mqtt::failure::{Cause, Failure};
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::mqtt::step::{Step, TakenStep};
use mqttree::mqtt::wire::{self, TlsInfo, Wire};
use mqttree::words::{self, Language, Told};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::DEADLINE;

/// The result of dialling.
pub struct Dialled {
    pub result: Result<Option<TlsInfo>, Failure>,
    pub steps: Vec<TakenStep>,
}

impl Dialled {
    /// The failure as a person reads it. Fails the test if dialling succeeded.
    #[track_caller]
    pub fn failure(&self) -> Told {
        let failure = self.result.as_ref().err();
        told(failure.unwrap_or_else(|| panic!("it connected: {:#?}", self.steps)))
    }

    /// The TLS information. Fails the test if dialling failed or the stream is not encrypted.
    #[track_caller]
    pub fn tls(&self) -> &TlsInfo {
        self.result.as_ref().unwrap_or_else(|failure| panic!("{failure:?}")).as_ref().unwrap()
    }

    /// The details of the step whose name begins with `what`.
    #[track_caller]
    pub fn details(&self, what: &str) -> String {
        let taken = self.steps.iter().find(|taken| what_of(taken).starts_with(what));
        let taken = taken.unwrap_or_else(|| panic!("no step {what} in {:#?}", self.steps));
        words::doctor::details(taken, Language::English).join("\n")
    }
}

/// What failed and why, in one line.
pub fn line(told: &Told) -> String {
    format!("{}: {}", told.what, told.why)
}

/// A failure as a person reads it.
pub fn told(failure: &Failure) -> Told {
    words::failure(failure, Language::English)
}

/// The name of a step.
pub fn what_of(taken: &TakenStep) -> String {
    words::doctor::step(&taken.step, Language::English)
}

/// Runs a future on a separate runtime that does not wait for hanging threads.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runtime.block_on(async { tokio::time::timeout(DEADLINE, future).await });
    runtime.shutdown_background();
    result.unwrap_or_else(|_| panic!("not within {} s", DEADLINE.as_secs()))
}

/// Dials and, if that succeeds, sends a CONNECT of MQTT 3.1.1 and waits for CONNACK.
pub fn dialled(options: &ConnectOptions, secrets: &Secrets) -> Dialled {
    let mut steps = Vec::new();
    let result = run(async {
        let wire = wire::dial(options, secrets, &mut |step| steps.push(step)).await?;
        greet(wire, options).await
    });
    Dialled { result, steps }
}

async fn greet(wire: Wire, options: &ConnectOptions) -> Result<Option<TlsInfo>, Failure> {
    let Wire { mut stream, tls } = wire;
    let greeting = async {
        stream.write_all(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00").await?;
        stream.flush().await?;
        let mut connack = [0; 4];
        stream.read_exact(&mut connack).await?;
        Ok::<_, std::io::Error>(connack)
    };
    match tokio::time::timeout(Duration::from_secs(10), greeting).await.unwrap() {
        Ok(connack) => assert_eq!(connack, [0x20, 2, 0, 0], "CONNACK"),
        Err(error) => {
            let other = || Failure::new(Step::Ping, Cause::from(&error), None);
            return Err(wire::stream_failure(&error, options).unwrap_or_else(other));
        }
    }
    Ok(tls)
}
