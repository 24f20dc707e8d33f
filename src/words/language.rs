//! The languages, and texts without values.

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English; the command line and the fixed names of the interface use it.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language, in the order of the settings.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language's name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The language for a locale such as `zh_CN.UTF-8`; English if the program does not speak it.
    pub fn of_locale(locale: &str) -> Self {
        let is_chinese = locale.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        if is_chinese { Self::Chinese } else { Self::English }
    }

    /// Picks the value for this language out of two.
    pub const fn pick<T: Copy>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// A text without values, in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    english: &'static str,
    chinese: &'static str,
}

/// Creates a text without values: `label("Publish", "发布")`.
pub const fn label(english: &'static str, chinese: &'static str) -> Label {
    Label { english, chinese }
}

impl Label {
    /// The text in this language.
    pub const fn of(self, language: Language) -> &'static str {
        language.pick(self.english, self.chinese)
    }
}

/// A sentence with values, in the language given first: `say!(l, "{n} bytes", "{n} 字节")`.
macro_rules! say {
    ($language:expr, $english:literal, $chinese:literal $(,)?) => {
        match $language {
            $crate::words::Language::English => format!($english),
            $crate::words::Language::Chinese => format!($chinese),
        }
    };
}
pub(in crate::words) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_chooses_the_language() {
        for locale in ["zh_CN.UTF-8", "zh-Hans-CN", "ZH"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "en_GB.UTF-8", "de_DE", "é"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }
}
