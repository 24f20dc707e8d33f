//! The connection doctor at work: a thread that tests a connection step by step, and its findings so far.
//!
//! The window starts one, reads its steps each frame and drops it when they are no longer wanted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::mqtt::doctor::examine;
use crate::mqtt::failure::{Failure, Hint, ProgramCause};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::{Step, TakenStep};
use crate::session::RESOLVERS_MAX;
use crate::session::Wake;

/// Tests a connection step by step, under its own client ID. Dropping it stops the test at once.
pub struct Doctor {
    /// What it was started with, so that it can be started again. It holds secrets and is never shown.
    input: Input,
    findings: Arc<Findings>,
    /// Dropped with the doctor, which tells the thread to end.
    _wanted: Option<oneshot::Sender<()>>,
}

#[derive(Clone)]
struct Input {
    options: ConnectOptions,
    client_id: String,
    secrets: Secrets,
    wake: Wake,
}

/// What the thread has found.
struct Findings {
    steps: Mutex<(Arc<Vec<TakenStep>>, Instant)>,
    done: AtomicBool,
    wake: Wake,
}

impl Findings {
    fn add(&self, step: TakenStep) {
        let mut steps = self.steps.lock();
        Arc::make_mut(&mut steps.0).push(step);
        steps.1 = Instant::now();
        drop(steps);
        (self.wake)();
    }

    fn finish(&self) {
        self.done.store(true, Ordering::Release);
        (self.wake)();
    }
}

impl Doctor {
    /// Starts the test. `wake` is called from another thread whenever there is something new.
    pub fn start(options: ConnectOptions, client_id: String, secrets: Secrets, wake: Wake) -> Self {
        Self::run(Input { options, client_id, secrets, wake })
    }

    /// Starts another test of the same connection.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::run(self.input.clone())
    }

    fn run(input: Input) -> Self {
        let findings = Arc::new(Findings {
            steps: Mutex::new((Arc::default(), Instant::now())),
            done: AtomicBool::new(false),
            wake: Arc::clone(&input.wake),
        });
        let (wanted, unwanted) = oneshot::channel();
        let (theirs, work) = (Arc::clone(&findings), input.clone());
        let spawned = Builder::new().name("mqtt-doctor".to_owned()).spawn(move || {
            let ended = catch_unwind(AssertUnwindSafe(|| work.examine(&theirs, unwanted)));
            let cause = match ended {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(ProgramCause::System(error.to_string())),
                Err(_) => Some(ProgramCause::Defect),
            };
            if let Some(cause) = cause {
                theirs.add(broken(cause));
            }
            theirs.finish();
        });
        let wanted = match spawned {
            Ok(_) => Some(wanted),
            Err(error) => {
                findings.add(broken(ProgramCause::System(error.to_string())));
                findings.finish();
                None
            }
        };
        Self { input, findings, _wanted: wanted }
    }

    /// Where it connects to, without user name and password.
    pub fn url(&self) -> String {
        self.input.options.url()
    }

    /// The steps that have ended, in order. Cheap, once per frame.
    pub fn steps(&self) -> Arc<Vec<TakenStep>> {
        Arc::clone(&self.findings.steps.lock().0)
    }

    /// Whether there will be no more steps.
    pub fn is_done(&self) -> bool {
        self.findings.done.load(Ordering::Acquire)
    }

    /// How long the current step has been going on.
    pub fn waiting(&self) -> Duration {
        self.findings.steps.lock().1.elapsed()
    }
}

impl std::fmt::Debug for Doctor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Doctor").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Input {
    /// Runs on the thread, in its own runtime, until the test ends or is no longer wanted.
    fn examine(&self, findings: &Findings, unwanted: oneshot::Receiver<()>) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .thread_name("mqtt-doctor-resolver")
            .max_blocking_threads(RESOLVERS_MAX)
            .build()?;
        let mut report = |step| findings.add(step);
        runtime.block_on(async {
            tokio::select! {
                () = examine(&self.options, &self.client_id, &self.secrets, &mut report) => {}
                // Nothing is ever sent: the channel closes when the handle is dropped.
                _ = unwanted => {}
            }
        });
        // A hanging name resolution must not keep the thread alive.
        runtime.shutdown_background();
        Ok(())
    }
}

fn broken(cause: ProgramCause) -> TakenStep {
    let failure = Failure::new(Step::Examination, cause, Hint::RunAgain);
    TakenStep { took: None, ..TakenStep::failed(&failure, Duration::ZERO) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::mqtt::options::Protocol;

    fn wait(doctor: &Doctor, until: impl Fn(&Doctor) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !until(doctor) {
            assert!(Instant::now() < end, "{:?}", doctor.steps());
            std::thread::yield_now();
        }
    }

    fn start(port: u16) -> Doctor {
        start_with(Protocol::Mqtt, port)
    }

    fn start_with(protocol: Protocol, port: u16) -> Doctor {
        let host = "127.0.0.1".to_owned();
        let mut options = ConnectOptions { protocol, host, port, ..ConnectOptions::default() };
        options.network.connect_timeout_s = 60;
        Doctor::start(options, "me".to_owned(), Secrets::default(), Arc::new(|| ()))
    }

    #[test]
    fn a_port_where_nobody_listens_is_a_failed_step_and_the_end() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let doctor = start(port);
        wait(&doctor, Doctor::is_done);
        assert!(doctor.steps().iter().any(TakenStep::is_failed), "{:?}", doctor.steps());
        assert_eq!(doctor.url(), format!("mqtt://127.0.0.1:{port}"));

        let again = doctor.again();
        wait(&again, Doctor::is_done);
        assert_eq!(again.steps().len(), doctor.steps().len());
    }

    #[test]
    fn a_doctor_that_is_dropped_gives_up_at_once() {
        // Never accepts: the connection stays in the listen queue, unanswered.
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        // With TLS the way to the broker does not end: its steps are shown while it goes on.
        let doctor = start_with(Protocol::Mqtts, listener.local_addr().unwrap().port());
        wait(&doctor, |doctor| !doctor.steps().is_empty());
        assert!(!doctor.is_done());
        let findings = Arc::clone(&doctor.findings);
        let dropped = Instant::now();
        drop(doctor);
        while !findings.done.load(Ordering::Acquire) {
            assert!(dropped.elapsed() < Duration::from_secs(5), "it goes on");
            std::thread::yield_now();
        }
    }
}
