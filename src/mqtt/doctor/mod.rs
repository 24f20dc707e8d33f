//! The connection doctor: walks through a connection step by step and reports what it finds.
//!
//! It connects alongside the session with its own client ID, a clean session and no will, and ends with DISCONNECT. So
//! it leaves nothing behind and disconnects no other client. Only if the broker refuses that client ID does it connect
//! once more with the profile's, touching the session as little as possible.

mod exam;

use std::time::Duration;

use tokio::time::Instant;

use crate::mqtt::check::check;
use crate::mqtt::doctor::exam::{Exam, ExamEnd};
use crate::mqtt::failure::{Cause, Failure, Hint};
use crate::mqtt::link::{Link, Memory};
use crate::mqtt::options::{ConnectOptions, Mqtt5Options, MqttVersion, Secrets};
use crate::mqtt::step::{Detail, Step, StepReport, TakenStep};

/// The longest client ID that every broker accepts (MQTT 3.1.1, 3.1.3.1).
const CLIENT_ID_BYTES_SAFE: usize = 23;

/// Connects, subscribes to each filter, pings and disconnects, and reports each step as it ends. Steps after a failed
/// one are [`Skipped`](crate::mqtt::step::StepOutcome::Skipped). Dropping the future stops at once.
///
/// `client_id` is the one that the session sends. It is used only if the profile sets it and CONNACK refuses another
/// one. The report says so, because this ends any connection that uses it. The exam then connects with the profile's
/// session options and disconnects at once, which leaves the session as it is.
pub async fn examine(options: &ConnectOptions, client_id: &str, secrets: &Secrets, report: StepReport<'_>) {
    if refuse(options, report) {
        return;
    }
    let profile = options;
    let options = harmless(profile);
    let own = own_client_id(client_id, options.version.first());
    // There is a session to be careful with only if a person chose a client ID.
    let note = if options.client_id.is_empty() {
        Detail::OwnClientId(own.clone())
    } else {
        Detail::OwnClientIdBeside { own: own.clone(), profile: client_id.to_owned() }
    };
    let mut exam = Exam::new(&options, note, report);
    let end = take(&mut exam, &options, &own, secrets).await;
    if !matches!(end, ExamEnd::Refused(_)) || options.client_id.is_empty() {
        exam.finish(end);
        return;
    }
    exam.interrupt(end, Detail::ProfileClientIdNext);
    let note = Detail::ProfileClientId(client_id.to_owned());
    let options = with_the_session(options, profile);
    let mut exam = Exam::with_the_session(&options, note, report);
    let end = take(&mut exam, &options, client_id, secrets).await;
    exam.finish(end);
}

/// Runs one link through the exam.
async fn take(exam: &mut Exam<'_>, options: &ConnectOptions, client_id: &str, secrets: &Secrets) -> ExamEnd {
    let mut memory = Memory::default();
    let mut link = Link::new(options, client_id, secrets, &mut memory);
    loop {
        // Until CONNACK the link keeps the time itself.
        let Some(deadline) = exam.deadline() else {
            match link.next(exam).await {
                Ok(()) => continue,
                Err(ended) => return exam.end(ended),
            }
        };
        // Under a flood of messages the link never waits, so the timer alone would never be polled.
        if Instant::now() >= deadline {
            return ExamEnd::Silent;
        }
        match tokio::time::timeout_at(deadline, link.next(exam)).await {
            Ok(Ok(())) => {}
            Ok(Err(ended)) => return exam.end(ended),
            Err(_) => return ExamEnd::Silent,
        }
    }
}

/// Reports options that cannot work, as failed steps.
fn refuse(options: &ConnectOptions, report: StepReport<'_>) -> bool {
    let problems = check(options);
    let refused = !problems.is_empty();
    for problem in problems {
        let step = Step::Option(problem.field);
        let failure = Failure::new(step, Cause::Option(Box::new(problem)), Hint::EditConnection);
        report(TakenStep { took: None, ..TakenStep::failed(&failure, Duration::ZERO) });
    }
    refused
}

/// The options without anything that leaves traces: a kept session, or a will that a failed test would publish.
fn harmless(options: &ConnectOptions) -> ConnectOptions {
    let mqtt5 = Mqtt5Options { session_expiry_s: None, ..options.mqtt5.clone() };
    let subscriptions: Vec<_> =
        options.subscriptions.iter().filter(|subscription| subscription.enabled).cloned().collect();
    ConnectOptions { clean_session: true, will: None, mqtt5, subscriptions, ..options.clone() }
}

/// Options for a test with the profile's own client ID. A clean start would discard what the broker keeps for it.
fn with_the_session(harmless: ConnectOptions, profile: &ConnectOptions) -> ConnectOptions {
    ConnectOptions { clean_session: profile.clean_session, mqtt5: profile.mqtt5.clone(), ..harmless }
}

/// A client ID that nobody else uses and that still shows whose test it is.
fn own_client_id(client_id: &str, version: MqttVersion) -> String {
    let own = format!("{client_id}-{:04x}", fastrand::u16(..));
    if own.len() > CLIENT_ID_BYTES_SAFE && version != MqttVersion::V5 {
        format!("mqttree-{:08x}", fastrand::u32(..))
    } else {
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::check::Field;
    use crate::mqtt::options::Will;

    #[test]
    fn the_test_has_a_client_id_of_its_own_that_every_broker_takes() {
        let own = own_client_id("boiler", MqttVersion::V3_1);
        assert!(own.starts_with("boiler-") && own.len() == 11, "{own}");
        let own = own_client_id("a-rather-long-client-identifier", MqttVersion::V3_1_1);
        assert!(own.starts_with("mqttree-") && own.len() <= CLIENT_ID_BYTES_SAFE, "{own}");
    }

    #[test]
    fn the_test_leaves_nothing_behind() {
        let options = ConnectOptions {
            clean_session: false,
            will: Some(Will::default()),
            mqtt5: Mqtt5Options { session_expiry_s: Some(60), ..Mqtt5Options::default() },
            ..ConnectOptions::default()
        };
        let ConnectOptions { clean_session, will, mqtt5, .. } = harmless(&options);
        assert!(clean_session && will.is_none() && mqtt5.session_expiry_s.is_none());
        let ConnectOptions { clean_session, will, mqtt5, .. } =
            with_the_session(harmless(&options), &options);
        assert!(!clean_session && will.is_none() && mqtt5.session_expiry_s == Some(60));
    }

    fn run(future: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
    }

    #[test]
    fn options_that_cannot_work_are_failed_steps_and_nothing_is_sent() {
        let mut steps = Vec::new();
        let options = ConnectOptions { host: String::new(), ..ConnectOptions::default() };
        run(examine(&options, "x", &Secrets::default(), &mut |step| steps.push(step)));
        assert_eq!(steps.len(), 1);
        assert!(steps[0].is_failed() && steps[0].step == Step::Option(Field::Host), "{steps:?}");
    }
}
