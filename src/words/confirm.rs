//! The questions before something that cannot be taken back: exactly what, and how much.

use crate::words::{Label, Language, format, label};

/// A question and the words of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmQuestion {
    /// What is asked.
    pub title: String,
    /// What would happen.
    pub text: String,
    /// The button that does it.
    pub verb: Label,
}

/// Asks whether to forget the topics and messages of a session.
pub fn clear_topics(topics: u64, messages: u64, language: Language) -> ConfirmQuestion {
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
    ConfirmQuestion { title: title.to_owned(), text, verb: label("Clear topics", "清空主题") }
}

/// Asks whether to forget the topics at or below one.
pub fn forget_below(topic: &str, topics: u64, messages: u64, language: Language) -> ConfirmQuestion {
    let topic = format::topic(topic);
    let (title, text) = match language {
        Language::English => {
            let topics = format::plural(topics, "topic", "topics");
            let messages = format::plural(messages, "message", "messages");
            let text = format!(
                "{topics} and {messages} are forgotten here. The broker keeps what it has, and a topic comes back with \
                 its next message."
            );
            (format!("Forget {topic:?} and all below?"), text)
        }
        Language::Chinese => {
            let (topics, messages) = (format::count(topics), format::count(messages));
            let text = format!(
                "将在此处移除 {topics} 个主题和 {messages} 条消息。服务器上的内容不受影响，主题收到新消息时会再次显示。"
            );
            (format!("移除“{topic}”及其所有下级？"), text)
        }
    };
    ConfirmQuestion { title, text, verb: label("Forget topics", "移除主题") }
}

/// Asks whether a program may run, with the whole line that starts it.
pub fn allow_program(line: &str, language: Language) -> ConfirmQuestion {
    let (title, text) = match language {
        Language::English => (
            "Run this program to read payloads?",
            format!(
                "{line}\n\nIt is started on this computer with your rights, is sent the payloads of its topics and runs until its rule is gone. Allow it only if you know what it does."
            ),
        ),
        Language::Chinese => (
            "运行此程序来解读载荷？",
            format!(
                "{line}\n\n它将以您的权限在此计算机上运行，接收相应主题的载荷，直到规则被移除。请仅在了解其作用时允许。"
            ),
        ),
    };
    ConfirmQuestion { title: title.to_owned(), text, verb: label("Allow to run", "允许运行") }
}

/// Asks whether to delete a saved connection to this address.
pub fn delete_profile(name: &str, url: &str, language: Language) -> ConfirmQuestion {
    let (title, text) = match language {
        Language::English => {
            (format!("Delete {name:?}?"), format!("The connection to {url} and its password are forgotten."))
        }
        Language::Chinese => (format!("删除“{name}”？"), format!("将删除到 {url} 的连接及其密码。")),
    };
    ConfirmQuestion { title, text, verb: label("Delete connection", "删除连接") }
}

/// Asks whether to forget the messages of the publish history.
pub fn clear_published(messages: u64, language: Language) -> ConfirmQuestion {
    let (title, text) = match language {
        Language::English => {
            let messages = format::plural(messages, "published message", "published messages");
            ("Clear history?", format!("{messages} are removed from the list. Nothing is sent."))
        }
        Language::Chinese => {
            let messages = format::count(messages);
            ("清空历史？", format!("将从列表中移除 {messages} 条已发布的消息。不会发送任何内容。"))
        }
    };
    ConfirmQuestion { title: title.to_owned(), text, verb: label("Clear history", "清空历史") }
}

/// Asks whether to publish an empty message to a level that is not a topic of its own.
pub fn publish_empty(topic: &str, language: Language) -> ConfirmQuestion {
    let topic = format::topic(topic);
    let (title, text) = match language {
        Language::English => (
            format!("Publish an empty message to {topic:?}?"),
            "This level of the tree never had a message of its own. Everyone who subscribes to it gets the empty one.",
        ),
        Language::Chinese => (
            format!("向“{topic}”发布空消息？"),
            "主题树的这一层级从未有过自己的消息。订阅它的所有客户端都会收到这条空消息。",
        ),
    };
    ConfirmQuestion { title, text: text.to_owned(), verb: label("Publish empty message", "发布空消息") }
}

/// Asks whether to clear a retained message whose content is not known here.
pub fn clear_retained(topic: &str, language: Language) -> ConfirmQuestion {
    let topic = format::topic(topic);
    let (title, text) = match language {
        Language::English => (
            format!("Clear the retained message of {topic:?}?"),
            "What the broker retains for this topic is not known here, so it cannot be published back.",
        ),
        Language::Chinese => (
            format!("清除“{topic}”的保留消息？"),
            "此处不知道服务器为该主题保留了什么内容，因此清除后无法恢复。",
        ),
    };
    ConfirmQuestion { title, text: text.to_owned(), verb: label("Clear retained", "清除保留消息") }
}

/// Asks whether to connect to the address in a link; the user name may be empty.
pub fn open_link(host: &str, url: &str, username: &str, language: Language) -> ConfirmQuestion {
    let (title, text) = match language {
        Language::English => {
            let user = if username.is_empty() { String::new() } else { format!(" as {username:?}") };
            let text = format!(
                "A link asks for a connection to {url}{user}. It is none of the saved connections. Connect only if \
                 you know where the link comes from."
            );
            (format!("Connect to {host:?}?"), text)
        }
        Language::Chinese => {
            let user =
                if username.is_empty() { String::new() } else { format!("，用户名为“{username}”") };
            let text =
                format!("一个链接请求连接到 {url}{user}。它不是已保存的连接。请仅在了解链接来源时连接。");
            (format!("连接到“{host}”？"), text)
        }
    };
    ConfirmQuestion { title, text, verb: label("Connect", "连接") }
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
