//! Retained messages as a table of comma-separated values, for a spreadsheet.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::panels::csv::text_cell;
use crate::session::retained::RetainedMessage;

/// The columns: a payload is in `text` if it is text, and otherwise in `hex`.
const HEADER: &str = "topic,bytes,text,hex,content_type,expires_after_s\r\n";

/// The table of these messages, one a row. Takes as long as the payloads are large: for a job.
pub fn table(messages: &[Arc<RetainedMessage>]) -> String {
    let mut table = HEADER.to_owned();
    for message in messages {
        let RetainedMessage { topic, payload, properties, .. } = &**message;
        let (text, hex) = match std::str::from_utf8(payload) {
            Ok(text) => (text_cell(text), String::new()),
            Err(_) => ("".into(), data_encoding::HEXLOWER.encode(payload)),
        };
        let content_type = text_cell(properties.content_type.as_deref().unwrap_or_default());
        let expiry = properties.message_expiry_interval_s.map(|seconds| seconds.to_string());
        // Writing to a text cannot fail.
        write!(
            table,
            "{},{},{text},{hex},{content_type},{}\r\n",
            text_cell(topic),
            payload.len(),
            expiry.unwrap_or_default()
        )
        .unwrap_or_default();
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::PublishProperties;

    #[test]
    fn a_row_holds_a_message_and_no_formula() {
        let message = |topic: &str, payload: &[u8], expiry: Option<u32>| {
            let properties = PublishProperties {
                message_expiry_interval_s: expiry,
                content_type: expiry.map(|_| "text/plain".to_owned()),
                ..PublishProperties::default()
            };
            let (topic, payload) = (topic.to_owned(), payload.to_vec().into());
            Arc::new(RetainedMessage { topic, payload, qos: None, properties })
        };
        let messages = [
            message("灯/a", b"say \"on\", twice", Some(60)),
            message("b", &[0xff, 0], None),
            message("=c", b"-1", None),
        ];
        let rows = ["灯/a,15,\"say \"\"on\"\", twice\",,text/plain,60", "b,2,,ff00,,", "'=c,2,'-1,,,"];
        assert_eq!(table(&messages), format!("{HEADER}{}\r\n", rows.join("\r\n")));
    }
}
