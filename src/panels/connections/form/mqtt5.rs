//! The section for CONNECT properties that only MQTT 5 has (MQTT 5.0, 3.1.2.11).

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::panels::connections::fields::pairs_row;
use crate::panels::connections::form::FormParts;
use crate::panels::connections::form::option::{FieldValue, FormField, FormFlag};
use crate::words::connection_form as words;

const FIELDS: [FormField; 4] = [
    FormField {
        field: Field::SessionExpiry,
        words: words::SESSION_EXPIRY,
        value: FieldValue::OptionalLargeNumber(|connect| &mut connect.mqtt5.session_expiry_s),
    },
    FormField {
        field: Field::ReceiveMaximum,
        words: words::RECEIVE_MAXIMUM,
        value: FieldValue::OptionalNumber(|connect| &mut connect.mqtt5.receive_max),
    },
    FormField {
        field: Field::MaximumPacketSize,
        words: words::MAXIMUM_PACKET_SIZE,
        value: FieldValue::OptionalLargeNumber(|connect| &mut connect.mqtt5.packet_bytes_max),
    },
    FormField {
        field: Field::TopicAliasMaximum,
        words: words::TOPIC_ALIAS_MAXIMUM,
        value: FieldValue::Number(|connect| &mut connect.mqtt5.topic_alias_max),
    },
];

const FLAGS: [FormFlag; 2] = [
    FormFlag {
        field: Some(Field::RequestResponseInformation),
        words: words::REQUEST_RESPONSE_INFORMATION,
        value: |connect| &mut connect.mqtt5.request_response_information,
    },
    FormFlag {
        field: Some(Field::RequestProblemInformation),
        words: words::REQUEST_PROBLEM_INFORMATION,
        value: |connect| &mut connect.mqtt5.request_problem_information,
    },
];

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    for field in &FIELDS {
        field.show(ui, form);
    }
    for flag in &FLAGS {
        flag.show(ui, form);
    }
    let FormParts { draft, mistakes, .. } = form;
    let pairs = &mut draft.profile.connect.mqtt5.user_properties;
    pairs_row(ui, words::USER_PROPERTIES, words::PROPERTY, pairs, mistakes, Field::UserProperty);
}
