//! Numbers as they are typed: what is none stays as it is, and is marked.

use std::fmt::Display;
use std::str::FromStr;

use crate::panels::connections::fields::FieldError;
use crate::store::profiles::Field;

/// What stands in fields of numbers and is not, or not exactly, the number's own text.
#[derive(Debug, Default)]
pub(super) struct Typed(Vec<TypedNumber>);

#[derive(Debug)]
struct TypedNumber {
    field: Field,
    text: String,
    error: Option<&'static str>,
}

impl Typed {
    /// The text of a field whose number is `value`.
    pub fn text(&self, field: Field, value: Option<impl Display>) -> String {
        let typed = self.0.iter().find(|typed| typed.field == field).map(|typed| typed.text.clone());
        typed.unwrap_or_else(|| value.map_or_else(String::new, |value| value.to_string()))
    }

    /// Takes what was typed: the number into `value`, `None` for an empty field that is `optional`. What is no number
    /// is kept with its `error` and leaves the value as it is.
    pub fn take<N: FromStr>(
        &mut self,
        field: Field,
        text: String,
        value: &mut Option<N>,
        optional: bool,
        error: &'static str,
    ) {
        self.forget(field);
        let trimmed = text.trim();
        let mut wrong = None;
        if optional && trimmed.is_empty() {
            *value = None;
        } else if let Ok(number) = trimmed.parse() {
            *value = Some(number);
        } else {
            wrong = Some(error);
        }
        self.0.push(TypedNumber { field, text, error: wrong });
    }

    /// Shows the number itself again.
    pub fn forget(&mut self, field: Field) {
        self.0.retain(|typed| typed.field != field);
    }

    /// Shows the numbers of all fields itself again that `is_gone`.
    pub fn forget_all(&mut self, is_gone: impl Fn(Field) -> bool) {
        self.0.retain(|typed| !is_gone(typed.field));
    }

    /// What is wrong with what stands in a field.
    pub fn error(&self, field: Field) -> Option<&'static str> {
        self.0.iter().find(|typed| typed.field == field)?.error
    }

    /// What is wrong in all of them.
    pub fn errors(&self) -> impl Iterator<Item = FieldError> {
        let wrong = self.0.iter().filter_map(|typed| Some((typed.field, typed.error?)));
        wrong.map(|(field, text)| FieldError { field, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_no_number_unless_it_may_be_left_out() {
        let mut typed = Typed::default();
        for (text, optional, taken) in [(" ", true, None), (" ", false, Some(5)), (" 7 ", false, Some(7_u16))]
        {
            let mut value = Some(5);
            typed.take(Field::Port, text.to_owned(), &mut value, optional, "wrong");
            assert_eq!(value, taken, "{text:?}");
            assert_eq!(typed.error(Field::Port).is_some(), taken == Some(5), "{text:?}");
        }
    }
}
