//! The questions before something that cannot be taken back: exactly what, and how much.

use crate::words::{Label, Language, format, label};

/// A question and the words of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub title: String,
    /// What would happen.
    pub text: String,
    /// The button that does it.
    pub verb: Label,
}

/// Whether to forget the topics and messages of a session.
pub fn clear_topics(topics: u64, messages: u64, language: Language) -> Question {
    let (title, text) = match language {
        Language::English => {
            let topics = format::plural(topics, "topic", "topics");
            let messages = format::plural(messages, "message", "messages");
            let text = format!("{topics} and {messages} are forgotten here. The broker keeps what it has.");
            ("Clear topics?", text)
        }
        Language::Chinese => {
            let (topics, messages) = (format::count(topics), format::count(messages));
            let text = format!("将在此处丢弃 {topics} 个主题和 {messages} 条消息。服务器上的内容不受影响。");
            ("清空主题？", text)
        }
    };
    Question { title: title.to_owned(), text, verb: label("Clear topics", "清空主题") }
}

/// Whether to delete a saved connection to this address.
pub fn delete_profile(name: &str, url: &str, language: Language) -> Question {
    let (title, text) = match language {
        Language::English => {
            (format!("Delete {name:?}?"), format!("The connection to {url} and its password are forgotten."))
        }
        Language::Chinese => (format!("删除“{name}”？"), format!("将删除到 {url} 的连接及其密码。")),
    };
    Question { title, text, verb: label("Delete connection", "删除连接") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_says_how_much_is_forgotten() {
        let asked = clear_topics(1, 1_234, Language::English);
        assert_eq!(
            asked.text,
            "1 topic and 1,234 messages are forgotten here. The broker keeps what it has."
        );
        assert!(clear_topics(1, 1_234, Language::Chinese).text.contains("1 个主题和 1,234 条消息"));
    }
}
