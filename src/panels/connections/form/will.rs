//! The section for the last will, which the broker publishes in our name when the connection is lost (MQTT 5.0,
//! 3.1.2.5).

use eframe::egui::Ui;

use crate::message::QoS;
use crate::mqtt::check::Field;
use crate::mqtt::options::{ConnectOptions, Will};
use crate::panels::connections::fields::{self, FIELD_WIDTH, note, pairs_row, row};
use crate::panels::connections::form::FormParts;
use crate::panels::connections::form::option::{FieldValue, FormField, FormFlag};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;
use crate::ui::widgets::field;
use crate::words::{connection_form as words, options};

const TOPIC: FormField = FormField {
    field: Field::WillTopic,
    words: words::WILL_TOPIC,
    value: FieldValue::Text(|connect| &mut will(connect).topic),
};
const RETAIN: FormFlag =
    FormFlag { field: None, words: words::RETAIN_WILL, value: |connect| &mut will(connect).retain };
const DELAY: FormField = FormField {
    field: Field::WillDelay,
    words: words::WILL_DELAY,
    value: FieldValue::OptionalLargeNumber(|connect| &mut will(connect).properties.delay_interval_s),
};
const EXPIRY: FormField = FormField {
    field: Field::WillMessageExpiry,
    words: words::WILL_EXPIRY,
    value: FieldValue::OptionalLargeNumber(|connect| &mut will(connect).properties.message_expiry_interval_s),
};
const IS_TEXT: FormFlag = FormFlag {
    field: Some(Field::WillPayloadIsText),
    words: words::WILL_IS_TEXT,
    value: |connect| &mut will(connect).properties.payload_is_text,
};
const CONTENT_TYPE: FormField = FormField {
    field: Field::WillContentType,
    words: words::WILL_CONTENT_TYPE,
    value: FieldValue::OptionalText(|connect| &mut will(connect).properties.content_type),
};
const RESPONSE_TOPIC: FormField = FormField {
    field: Field::WillResponseTopic,
    words: words::WILL_RESPONSE_TOPIC,
    value: FieldValue::OptionalText(|connect| &mut will(connect).properties.response_topic),
};
const CORRELATION_DATA: FormField = FormField {
    field: Field::WillCorrelationData,
    words: words::WILL_CORRELATION_DATA,
    value: FieldValue::OptionalText(|connect| &mut will(connect).properties.correlation_data),
};

/// The will to fill in. [`show`] removes it again if it is still empty.
fn will(connect: &mut ConnectOptions) -> &mut Will {
    connect.will.get_or_insert_default()
}

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    message(ui, form);
    if form.draft.profile.connect.version.allows_5() {
        properties(ui, form);
    }
    let connect = &mut form.draft.profile.connect;
    if connect.will.as_ref().is_some_and(|will| *will == Will::default()) {
        connect.will = None;
    }
}

fn message(ui: &mut Ui, form: &mut FormParts<'_>) {
    TOPIC.show(ui, form);
    payload(ui, form);
    qos(ui, &mut will(&mut form.draft.profile.connect).qos);
    RETAIN.show(ui, form);
    let will = will(&mut form.draft.profile.connect);
    let has_more = will.topic.is_empty() && *will != Will::default();
    if has_more && form.mistakes.of(Field::WillTopic).is_none() {
        note(ui, words::NO_WILL_TOPIC.of(language(ui)), tokens(ui).text_muted);
    }
}

fn payload(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    row(ui, words::WILL_PAYLOAD.of(l), |ui| {
        let payload = &mut will(&mut form.draft.profile.connect).payload;
        let name = fields::name(Field::WillPayload, l);
        let look = fields::look(ui, name, FIELD_WIDTH, "");
        field::text(ui, name, field::STRING_BYTES_MAX, payload, |edit| look.of(edit.desired_rows(2)));
    });
    form.mistakes.show(ui, Field::WillPayload);
}

fn qos(ui: &mut Ui, qos: &mut QoS) {
    let l = language(ui);
    row(ui, words::QOS.of(l), |ui| {
        named_combo(ui, words::WILL_QOS.of(l), options::qos(*qos), |ui| {
            for level in QoS::ALL {
                ui.selectable_value(qos, level, options::qos_choice(level).of(l));
            }
        });
    });
}

fn properties(ui: &mut Ui, form: &mut FormParts<'_>) {
    DELAY.show(ui, form);
    EXPIRY.show(ui, form);
    IS_TEXT.show(ui, form);
    CONTENT_TYPE.show(ui, form);
    RESPONSE_TOPIC.show(ui, form);
    CORRELATION_DATA.show(ui, form);
    let FormParts { draft, mistakes, .. } = form;
    let pairs = &mut will(&mut draft.profile.connect).properties.user_properties;
    pairs_row(ui, words::USER_PROPERTIES, words::WILL_PROPERTY, pairs, mistakes, Field::WillUserProperty);
}
