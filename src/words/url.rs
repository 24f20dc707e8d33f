//! What is wrong with a broker's address.

use crate::store::url::UrlError;
use crate::words::Language;

/// What is wrong with an address and how it is right, as a part of a sentence.
pub const fn error(error: UrlError, language: Language) -> &'static str {
    match error {
        UrlError::NoScheme => language.pick(
            "a URL begins with mqtt://, mqtts://, ws://, wss:// or unix://, as in mqtt://example.org:1883",
            "URL 应以 mqtt://、mqtts://、ws://、wss:// 或 unix:// 开头，例如 mqtt://example.org:1883",
        ),
        UrlError::UnknownScheme => language.pick(
            "the scheme is not known; use mqtt:// or ws://, with TLS mqtts:// or wss://, or unix://",
            "无法识别的协议；可使用 mqtt:// 或 ws://（启用 TLS 时为 mqtts:// 或 wss://），或 unix://",
        ),
        UrlError::NoSocketPath => language.pick(
            "a socket file is written with its whole path, as in unix:///run/mosquitto.sock",
            "套接字文件应写出完整路径，例如 unix:///run/mosquitto.sock",
        ),
        UrlError::NoHost => language.pick(
            "there is no host name after the ://, as in mqtt://example.org:1883",
            ":// 之后缺少主机名，正确的写法例如 mqtt://example.org:1883",
        ),
        UrlError::BadHost => language
            .pick("the host name contains a character that none can have", "主机名包含不允许使用的字符"),
        UrlError::BadIpv6 => language.pick(
            "what is in brackets is not an IPv6 address, as in mqtt://[::1]:1883",
            "方括号中的内容不是 IPv6 地址，正确的写法例如 mqtt://[::1]:1883",
        ),
        UrlError::Ipv6WithoutBrackets => language.pick(
            "an IPv6 address needs brackets in a URL, as in mqtt://[::1]:1883",
            "URL 中的 IPv6 地址需要加方括号，例如 mqtt://[::1]:1883",
        ),
        UrlError::BadPort => language.pick(
            "the port after the host is not a number from 1 to 65535 (a / in a password is written %2F)",
            "主机后的端口不是 1 到 65535 之间的数字（密码中的 / 应写作 %2F）",
        ),
        UrlError::BadPercent => language.pick(
            "a % is followed by two hexadecimal digits that give UTF-8 text; the sign % itself is written %25",
            "% 后应跟两位十六进制数字，并构成 UTF-8 文本；% 本身应写作 %25",
        ),
    }
}
