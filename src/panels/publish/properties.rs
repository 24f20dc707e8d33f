//! Form fields for the properties of an MQTT 5 PUBLISH (MQTT 5.0, 3.3.2.3). Pure.

use crate::message::PublishProperties;
use crate::mqtt::filter;
use crate::mqtt::limits::FIELD_BYTES_MAX;
use crate::payload::hex::{self, HexError};
use crate::words::{Label, Language, filter as filter_words, format, payload, publish as words};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyField {
    /// Content type.
    ContentType,
    /// Response topic.
    ResponseTopic,
    /// Correlation data.
    CorrelationData,
    /// Message expiry interval.
    Expiry,
    /// The user property at this index.
    User(usize),
}

/// A field whose value cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: PropertyField,
    /// The problem.
    pub problem: FieldProblem,
}

/// Why a field's value cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// It is longer than [`FIELD_BYTES_MAX`].
    TooLong {
        /// Name of what is too long.
        what: Label,
        /// Its length in bytes.
        bytes: usize,
    },
    /// It contains a NUL character; the name says what does.
    HasNul(Label),
    /// It is not a valid topic.
    Topic(filter::InvalidTopic),
    /// It has invalid digits.
    Hex(HexError),
    /// It is not a number of seconds.
    NotSeconds,
}

impl FieldError {
    /// The problem as a sentence.
    pub fn text(&self, language: Language) -> String {
        match &self.problem {
            FieldProblem::TooLong { what, bytes } => words::too_long(*what, *bytes, language),
            FieldProblem::HasNul(what) => words::has_nul(*what, language),
            FieldProblem::Topic(why) => filter_words::capitalised(*why, language),
            FieldProblem::Hex(why) => format::capitalised(&payload::hex_error(why, language)),
            FieldProblem::NotSeconds => words::EXPIRY_NOT_A_NUMBER.of(language).to_owned(),
        }
    }
}

/// The properties as typed into fields. Empty fields are not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertiesForm {
    /// A MIME type, or another description of the payload.
    pub content_type: String,
    /// Topic where an answer is expected.
    pub response_topic: String,
    /// Text, or `0x` and hexadecimal digits.
    pub correlation_data: String,
    /// Message expiry in seconds.
    pub expiry: String,
    /// Payload format: 0 for bytes, 1 for UTF-8 text.
    pub indicator: Option<u8>,
    /// Names and values; names may repeat.
    pub user: Vec<(String, String)>,
}

impl PropertiesForm {
    /// How many properties are set.
    pub fn count(&self) -> usize {
        let fields = [&self.content_type, &self.response_topic, &self.correlation_data, &self.expiry];
        fields.into_iter().filter(|text| !text.is_empty()).count()
            + usize::from(self.indicator.is_some())
            + self.user.iter().filter(|pair| !is_blank(pair)).count()
    }

    /// Creates the fields for a message.
    pub fn of(properties: &PublishProperties) -> Self {
        let PublishProperties {
            payload_format_indicator,
            message_expiry_interval_s,
            content_type,
            response_topic,
            correlation_data,
            // Set by the broker for each delivery; a publisher must not send them (MQTT 5.0, 3.3.2.3.8).
            subscription_identifiers: _,
            user_properties,
        } = properties;
        Self {
            content_type: content_type.clone().unwrap_or_default(),
            response_topic: response_topic.clone().unwrap_or_default(),
            correlation_data: correlation_data.as_deref().map(correlation_text).unwrap_or_default(),
            expiry: message_expiry_interval_s.map(|seconds| seconds.to_string()).unwrap_or_default(),
            indicator: *payload_format_indicator,
            user: user_properties.clone(),
        }
    }

    /// The properties to send, or the first invalid field.
    pub fn properties(&self) -> Result<PublishProperties, FieldError> {
        Ok(PublishProperties {
            payload_format_indicator: self.indicator,
            message_expiry_interval_s: self.expiry_seconds()?,
            content_type: self.content_type()?,
            response_topic: self.response_topic()?,
            correlation_data: self.correlation_bytes()?,
            subscription_identifiers: Vec::new(),
            user_properties: self.user_properties()?,
        })
    }

    /// The error in one field, if any.
    pub fn error(&self, field: PropertyField) -> Option<FieldError> {
        match field {
            PropertyField::ContentType => self.content_type().err(),
            PropertyField::ResponseTopic => self.response_topic().err(),
            PropertyField::CorrelationData => self.correlation_bytes().err(),
            PropertyField::Expiry => self.expiry_seconds().err(),
            PropertyField::User(_) => self.user_properties().err().filter(|error| error.field == field),
        }
    }

    fn content_type(&self) -> Result<Option<String>, FieldError> {
        string(&self.content_type, PropertyField::ContentType, words::THE_CONTENT_TYPE)
    }

    fn response_topic(&self) -> Result<Option<String>, FieldError> {
        if self.response_topic.is_empty() {
            return Ok(None);
        }
        let error =
            |why| FieldError { field: PropertyField::ResponseTopic, problem: FieldProblem::Topic(why) };
        filter::check_topic(&self.response_topic).map_err(error)?;
        Ok(Some(self.response_topic.clone()))
    }

    fn correlation_bytes(&self) -> Result<Option<Vec<u8>>, FieldError> {
        let error = |problem| FieldError { field: PropertyField::CorrelationData, problem };
        let text = &self.correlation_data;
        let bytes = match text.strip_prefix("0x") {
            _ if text.is_empty() => return Ok(None),
            Some(digits) => hex::parse(digits).map_err(|why| error(FieldProblem::Hex(why)))?,
            None => text.clone().into_bytes(),
        };
        if bytes.len() > FIELD_BYTES_MAX {
            let (what, bytes) = (words::THE_CORRELATION_DATA, bytes.len());
            return Err(error(FieldProblem::TooLong { what, bytes }));
        }
        Ok(Some(bytes))
    }

    fn expiry_seconds(&self) -> Result<Option<u32>, FieldError> {
        let text = self.expiry.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let error = FieldError { field: PropertyField::Expiry, problem: FieldProblem::NotSeconds };
        text.parse().map(Some).map_err(|_| error)
    }

    fn user_properties(&self) -> Result<Vec<(String, String)>, FieldError> {
        let mut pairs = Vec::with_capacity(self.user.len());
        for (index, pair) in self.user.iter().enumerate().filter(|(_, pair)| !is_blank(pair)) {
            let (name, value) = pair;
            let field = PropertyField::User(index);
            // Both may be empty (MQTT 5.0, 3.3.2.3.7), so only what cannot be sent is refused.
            let name = string(name, field, words::THE_NAME)?.unwrap_or_default();
            pairs.push((name, string(value, field, words::THE_VALUE)?.unwrap_or_default()));
        }
        Ok(pairs)
    }
}

fn is_blank((name, value): &(String, String)) -> bool {
    name.is_empty() && value.is_empty()
}

fn string(text: &str, field: PropertyField, what: Label) -> Result<Option<String>, FieldError> {
    if text.len() > FIELD_BYTES_MAX {
        return Err(FieldError { field, problem: FieldProblem::TooLong { what, bytes: text.len() } });
    }
    if text.contains('\0') {
        return Err(FieldError { field, problem: FieldProblem::HasNul(what) });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Bytes as the field shows them: as text if possible, otherwise as `0x` and digits.
fn correlation_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with("0x") && !text.contains(char::is_control) => text.to_owned(),
        _ => format!("0x{}", data_encoding::HEXLOWER.encode(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn empty_fields_are_not_sent() {
        let form = PropertiesForm { user: vec![(String::new(), String::new())], ..PropertiesForm::default() };
        assert_eq!(form.properties(), Ok(PublishProperties::default()));
        assert_eq!(form.count(), 0);
    }

    #[test]
    fn a_wrong_field_is_named() {
        let cases = [
            (PropertiesForm { expiry: "1.5".to_owned(), ..PropertiesForm::default() }, PropertyField::Expiry),
            (
                PropertiesForm { expiry: "4294967296".to_owned(), ..PropertiesForm::default() },
                PropertyField::Expiry,
            ),
            (
                PropertiesForm { response_topic: "a/#".to_owned(), ..PropertiesForm::default() },
                PropertyField::ResponseTopic,
            ),
            (
                PropertiesForm { correlation_data: "0xabc".to_owned(), ..PropertiesForm::default() },
                PropertyField::CorrelationData,
            ),
            (
                PropertiesForm { content_type: "x".repeat(65_536), ..PropertiesForm::default() },
                PropertyField::ContentType,
            ),
            (
                PropertiesForm {
                    user: vec![("a".into(), "b".into()), ("c".into(), "\0".into())],
                    ..PropertiesForm::default()
                },
                PropertyField::User(1),
            ),
        ];
        for (form, field) in cases {
            let error = form.properties().unwrap_err();
            assert_eq!(error.field, field, "{error:?}");
            assert_eq!(form.error(field), Some(error));
        }
    }

    proptest! {
        #[test]
        fn a_message_keeps_its_properties_through_the_form(
            content_type in proptest::option::of("[^\\x00]{1,20}"),
            correlation_data in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..20)),
            expiry in proptest::option::of(any::<u32>()),
            indicator in proptest::option::of(0..2u8),
            user in proptest::collection::vec(("[^\\x00]{1,5}", "[^\\x00]{0,5}"), 0..4),
        ) {
            let sent = PublishProperties {
                payload_format_indicator: indicator,
                message_expiry_interval_s: expiry,
                content_type,
                response_topic: Some("a/b".to_owned()),
                correlation_data,
                subscription_identifiers: Vec::new(),
                user_properties: user,
            };
            prop_assert_eq!(PropertiesForm::of(&sent).properties().unwrap(), sent);
        }
    }
}
