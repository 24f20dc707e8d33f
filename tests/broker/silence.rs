//! Brokers that stop answering on an open connection.

use std::io::Write as _;

use mqttree::message::QoS;
use mqttree::mqtt::failure::MqttCause;
use mqttree::mqtt::options::MqttVersion;
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, Status};

use crate::harness::packets::connack;
use crate::harness::{FakeServer, Watched};
use crate::rude::{hear, publish, quiet};

#[test]
fn a_broker_that_stops_answering_is_said_at_once_and_left_if_it_goes_on() {
    let (say, says) = crossbeam_channel::bounded::<Vec<u8>>(1);
    let server = FakeServer::start(move |stream| {
        hear(stream);
        stream.write_all(&connack(MqttVersion::V3_1_1)).unwrap();
        for bytes in &says {
            stream.write_all(&bytes).unwrap();
        }
    });
    let mut options = quiet(server.port, MqttVersion::V3_1_1);
    options.network.answer_timeout_s = 1;
    let session = Watched::open(options);
    session.wait("connected", |status| status.state.is_connected());
    session.publish(publish("on", QoS::AtLeastOnce)).unwrap();
    let is_silent = |status: &Status| matches!(status.state, ConnectionState::NotAnswering { .. });
    session.wait("it does not answer", is_silent);
    assert_eq!(session.logged(|event| matches!(event, LogEvent::NotAnswering { .. })), 1);

    say.send(b"\x40\x02\x00\x01\xd0\x00".to_vec()).unwrap();
    session.wait("it answers", |status| matches!(status.state, ConnectionState::Connected { .. }));
    session.publish(publish("off", QoS::AtLeastOnce)).unwrap();
    session.wait("it does not answer again", is_silent);
    session.wait("it is left", |status| {
        status.failure.as_ref().is_some_and(|failure| failure.cause == MqttCause::Silent.into())
    });
    assert_eq!(session.logged(|event| matches!(event, LogEvent::AnsweringAgain { .. })), 1);
}
