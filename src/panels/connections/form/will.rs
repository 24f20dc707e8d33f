//! What the broker publishes in our name when the connection is lost (MQTT 5.0, 3.1.2.5).

use eframe::egui::{TextEdit, Ui};

use crate::message::QoS;
use crate::mqtt::options::{Will, WillProperties};
use crate::panels::connections::fields::{self, Errors, FIELD_WIDTH, Number, check, note, pairs_row, row};
use crate::panels::connections::form::Form;
use crate::panels::connections::typed::Typed;
use crate::store::profiles::Field;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    let allows_5 = draft.profile.connect.version.allows_5();
    let mut will = draft.profile.connect.will.take().unwrap_or_default();
    message(ui, &mut will, errors);
    if allows_5 {
        properties(ui, &mut will.properties, &mut draft.typed, errors);
    }
    // A will of which nothing is filled in is none.
    draft.profile.connect.will = (will != Will::default()).then_some(will);
}

fn message(ui: &mut Ui, will: &mut Will, errors: &Errors) {
    row(ui, "Topic", |ui| {
        fields::text(ui, "Will topic", &mut will.topic, FIELD_WIDTH, "None: there is no last will");
    });
    errors.show(ui, Field::WillTopic);
    row(ui, "Payload", |ui| {
        let edit = TextEdit::multiline(&mut will.payload).desired_rows(2);
        fields::edit(ui, "Will payload", edit, FIELD_WIDTH, "");
    });
    errors.show(ui, Field::WillPayload);
    row(ui, "QoS", |ui| {
        named_combo(ui, "Will QoS", &format!("QoS {}", u8::from(will.qos)), |ui| {
            for level in QoS::ALL {
                let label = format!("QoS {}, {}", u8::from(level), level.meaning());
                ui.selectable_value(&mut will.qos, level, label);
            }
        });
    });
    check(ui, &mut will.retain, "Retain the will", "The broker keeps it for who subscribes later");
    let has_more = will.topic.is_empty() && *will != Will::default();
    if has_more && errors.of(Field::WillTopic).is_none() {
        note(ui, "Without a topic there is no last will.", tokens(ui).text_muted);
    }
}

fn properties(ui: &mut Ui, properties: &mut WillProperties, typed: &mut Typed, errors: &Errors) {
    let WillProperties {
        delay_interval_s,
        payload_is_text,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        user_properties,
    } = properties;
    row(ui, "Delay", |ui| {
        let number = Number {
            name: "Will delay",
            field: Field::WillDelay,
            hint: "0",
            wrong: "The delay is a number of seconds up to 4294967295.",
        };
        number.show_optional(ui, typed, delay_interval_s);
        fields::unit(ui, "seconds, in which we may come back");
    });
    errors.show(ui, Field::WillDelay);
    row(ui, "Expiry", |ui| {
        let number = Number {
            name: "Will expiry",
            field: Field::WillMessageExpiry,
            hint: "None",
            wrong: "The expiry is a number of seconds up to 4294967295.",
        };
        number.show_optional(ui, typed, message_expiry_interval_s);
        fields::unit(ui, "seconds");
    });
    errors.show(ui, Field::WillMessageExpiry);
    check(ui, payload_is_text, "Will payload is text", "Says that the payload is UTF-8");
    errors.show(ui, Field::WillPayloadIsText);
    row(ui, "Content type", |ui| {
        fields::optional(ui, "Will content type", content_type, "None; as text/plain");
    });
    errors.show(ui, Field::WillContentType);
    row(ui, "Response topic", |ui| {
        fields::optional(ui, "Will response topic", response_topic, "None; where an answer is expected");
    });
    errors.show(ui, Field::WillResponseTopic);
    row(ui, "Correlation data", |ui| {
        fields::optional(ui, "Will correlation data", correlation_data, "None");
    });
    errors.show(ui, Field::WillCorrelationData);
    pairs_row(ui, "User properties", "Will property", user_properties, |index| {
        errors.of(Field::WillUserProperty(index))
    });
}
