//! What only MQTT 5 can say in CONNECT (MQTT 5.0, 3.1.2.11).

use eframe::egui::Ui;

use crate::mqtt::options::Mqtt5Options;
use crate::panels::connections::fields::{self, Number, check, pairs_row, row};
use crate::panels::connections::form::Form;
use crate::store::profiles::Field;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    let typed = &mut draft.typed;
    let Mqtt5Options {
        session_expiry_s,
        receive_max,
        packet_bytes_max,
        topic_alias_max,
        request_response_information,
        request_problem_information,
        user_properties,
    } = &mut draft.profile.connect.mqtt5;
    row(ui, "Session expiry", |ui| {
        let number = Number {
            name: "Session expiry",
            field: Field::SessionExpiry,
            hint: "None",
            wrong: "Session expiry is a number of seconds up to 4294967295, which is for ever.",
        };
        number.show_optional(ui, typed, session_expiry_s);
        fields::unit(ui, "seconds after the connection");
    });
    errors.show(ui, Field::SessionExpiry);
    row(ui, "Receive maximum", |ui| {
        let number = Number {
            name: "Receive maximum",
            field: Field::ReceiveMaximum,
            hint: "65535",
            wrong: "The receive maximum is a number from 1 to 65535.",
        };
        number.show_optional(ui, typed, receive_max);
        fields::unit(ui, "messages on their way at once");
    });
    errors.show(ui, Field::ReceiveMaximum);
    row(ui, "Maximum packet size", |ui| {
        let number = Number {
            name: "Maximum packet size",
            field: Field::MaximumPacketSize,
            hint: "No limit",
            wrong: "The maximum packet size is a number of bytes from 1 to 4294967295.",
        };
        number.show_optional(ui, typed, packet_bytes_max);
        fields::unit(ui, "bytes");
    });
    errors.show(ui, Field::MaximumPacketSize);
    row(ui, "Topic alias maximum", |ui| {
        let number = Number {
            name: "Topic alias maximum",
            field: Field::TopicAliasMaximum,
            hint: "0",
            wrong: "The topic alias maximum is a number from 0 to 65535.",
        };
        number.show(ui, typed, topic_alias_max);
        fields::unit(ui, "topics");
    });
    errors.show(ui, Field::TopicAliasMaximum);
    let help = "Asks the broker for a topic on which answers can reach this connection";
    check(ui, request_response_information, "Request response information", help);
    errors.show(ui, Field::RequestResponseInformation);
    let help = "Lets the broker say in words why something failed";
    check(ui, request_problem_information, "Request problem information", help);
    errors.show(ui, Field::RequestProblemInformation);
    pairs_row(ui, "User properties", "Property", user_properties, |index| {
        errors.of(Field::UserProperty(index))
    });
}
