//! Numbers as they are typed: what is no number stays as it is, and is marked.

use std::fmt::Display;
use std::str::FromStr;

use crate::mqtt::check::Field;
use crate::panels::connections::mistakes::Mistake;
use crate::words::Label;

/// The texts of number fields that differ from how their number is written.
#[derive(Debug, Default)]
pub(super) struct TypedNumbers(Vec<TypedNumber>);

#[derive(Debug)]
struct TypedNumber {
    field: Field,
    text: String,
    /// Which numbers there are, if this is none of them.
    wrong: Option<Label>,
}

impl TypedNumbers {
    /// The text of a field whose number is `value`.
    pub fn text(&self, field: Field, value: Option<impl Display>) -> String {
        let typed = self.0.iter().find(|typed| typed.field == field).map(|typed| typed.text.clone());
        typed.unwrap_or_else(|| value.map_or_else(String::new, |value| value.to_string()))
    }

    /// Takes what was typed: the number into `value`, `None` for an empty field that is `optional`. What is no number
    /// is kept with the text that says so, and leaves the value as it is.
    pub fn take<N: FromStr>(
        &mut self,
        field: Field,
        text: String,
        value: &mut Option<N>,
        optional: bool,
        not_a_number: Label,
    ) {
        self.forget(field);
        let trimmed = text.trim();
        let mut wrong = None;
        if optional && trimmed.is_empty() {
            *value = None;
        } else if let Ok(number) = trimmed.parse() {
            *value = Some(number);
        } else {
            wrong = Some(not_a_number);
        }
        self.0.push(TypedNumber { field, text, wrong });
    }

    /// Shows the number itself again.
    pub fn forget(&mut self, field: Field) {
        self.0.retain(|typed| typed.field != field);
    }

    /// Shows the numbers themselves again in all fields for which `is_gone` holds.
    pub fn forget_all(&mut self, is_gone: impl Fn(Field) -> bool) {
        self.0.retain(|typed| !is_gone(typed.field));
    }

    /// Whether what stands in a field is no number.
    pub fn is_wrong(&self, field: Field) -> bool {
        self.mistakes().any(|mistake| mistake.field == field)
    }

    /// What is wrong in all of them.
    pub fn mistakes(&self) -> impl Iterator<Item = Mistake> {
        self.0.iter().filter_map(|typed| Some(Mistake::not_a_number(typed.field, typed.wrong?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::label;

    #[test]
    fn an_empty_field_is_no_number_unless_it_may_be_left_out() {
        let mut typed = TypedNumbers::default();
        for (text, optional, taken) in [(" ", true, None), (" ", false, Some(5)), (" 7 ", false, Some(7_u16))]
        {
            let mut value = Some(5);
            typed.take(Field::Port, text.to_owned(), &mut value, optional, label("wrong", "错误"));
            assert_eq!(value, taken, "{text:?}");
            assert_eq!(typed.is_wrong(Field::Port), taken == Some(5), "{text:?}");
        }
    }
}
