//! Requests of the publish panel and their responses, by a real broker.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqttree::automation::{RequestFailure, RequestPhase, RequestState, Requester, Response};
use mqttree::message::{PublishProperties, QoS};
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription};
use mqttree::session::Publish;

use crate::harness::{Broker, Watched, free_port, mosquitto_pub, options, until};

const LONG: Duration = Duration::from_mins(2);

fn ask(port: u16, within: Duration) -> Requester {
    let properties = PublishProperties {
        response_topic: Some("answers".to_owned()),
        correlation_data: Some(b"mine".to_vec()),
        ..PublishProperties::default()
    };
    let request = Publish { topic: "ask".to_owned(), payload: "?".into(), properties, ..Publish::default() };
    let options = options(port, MqttVersion::V5);
    Requester::start(&options, Secrets::default(), request, within, Arc::new(|| ())).unwrap()
}

/// A device that is subscribed to the requests.
fn device(port: u16) -> Watched {
    let subscriptions = vec![Subscription::new("ask", QoS::AtLeastOnce)];
    let device = Watched::connected(ConnectOptions { subscriptions, ..options(port, MqttVersion::V5) });
    device.wait_until_subscribed();
    device
}

fn respond(device: &Watched, payload: &str, data: Option<&[u8]>) {
    let correlation_data = data.map(<[u8]>::to_vec);
    let properties = PublishProperties { correlation_data, ..PublishProperties::default() };
    let payload = Bytes::copy_from_slice(payload.as_bytes());
    let topic = "answers".to_owned();
    device.publish(Publish { topic, payload, properties, ..Publish::default() }).unwrap();
}

fn wait(requester: &Requester, what: &str, is_so: impl Fn(&RequestState) -> bool) -> RequestState {
    until(|| format!("{what}: {:?}", requester.state()), || is_so(&requester.state()));
    requester.state()
}

fn answer(state: &RequestState) -> Option<(Vec<u8>, &Response)> {
    match &state.phase {
        RequestPhase::Answered(response) => {
            Some((response.message.message().payload.bytes().to_vec(), response))
        }
        _ => None,
    }
}

#[test]
fn a_request_under_load_gets_the_response_with_its_own_correlation_data() {
    let broker = Broker::start();
    let device = device(broker.port);
    let request = ask(broker.port, LONG);
    let asked = device.wait_for("ask").properties.unwrap();
    assert_eq!(asked.response_topic.as_deref(), Some("answers"));
    for number in 0..3_000_u32 {
        respond(&device, "of another", Some(&number.to_be_bytes()));
    }
    respond(&device, "yes", asked.correlation_data.as_deref());
    let state = wait(&request, "the response", |state| answer(state).is_some());
    let (payload, response) = answer(&state).unwrap();
    assert_eq!((payload.as_slice(), response.is_correlated, state.others), (&b"yes"[..], true, 3_000));
    assert!(response.took > Duration::ZERO);
}

#[test]
fn a_response_without_correlation_data_is_taken_for_what_it_is_until_a_better_one_comes() {
    let broker = Broker::start();
    let device = device(broker.port);
    let request = ask(broker.port, LONG);
    device.wait_for("ask");
    respond(&device, "perhaps", None);
    let state = wait(&request, "the first", |state| answer(state).is_some());
    let (payload, response) = answer(&state).unwrap();
    assert_eq!((payload.as_slice(), response.is_correlated), (&b"perhaps"[..], false));
    respond(&device, "perhaps too", None);
    respond(&device, "surely", Some(b"mine"));
    let is_sure = |state: &RequestState| answer(state).is_some_and(|(_, response)| response.is_correlated);
    let state = wait(&request, "the better one", is_sure);
    assert_eq!(answer(&state).unwrap().0, b"surely");
}

#[test]
fn what_the_broker_had_kept_and_what_is_for_others_is_no_response() {
    let broker = Broker::start();
    mosquitto_pub(broker.port, &["-t", "answers", "-m", "stale", "-r", "-q", "1"]);
    let device = device(broker.port);
    let request = ask(broker.port, Duration::from_millis(700));
    device.wait_for("ask");
    respond(&device, "of another", Some(b"other"));
    let state = wait(&request, "it gives up", |state| !state.phase.is_active());
    assert!(matches!(state.phase, RequestPhase::TimedOut), "{state:?}");
    assert_eq!(state.others, 1);
}

#[test]
fn a_request_that_cannot_be_answered_says_why() {
    let request = ask(free_port(), LONG);
    let state = wait(&request, "there is no broker", |state| !state.phase.is_active());
    assert!(matches!(state.phase, RequestPhase::Failed(RequestFailure::NoConnection(_))), "{state:?}");

    let mut broker = Broker::start();
    let request = ask(broker.port, LONG);
    wait(&request, "it is sent", |state| matches!(state.phase, RequestPhase::Waiting));
    broker.kill();
    let state = wait(&request, "it is lost", |state| !state.phase.is_active());
    assert!(matches!(state.phase, RequestPhase::Failed(RequestFailure::Lost)), "{state:?}");

    let broker = Broker::start();
    let mut request = ask(broker.port, LONG);
    wait(&request, "it is sent", |state| matches!(state.phase, RequestPhase::Waiting));
    request.stop();
    assert!(matches!(request.state().phase, RequestPhase::Stopped));
}
