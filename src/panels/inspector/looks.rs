//! What a person chose for topics: the view of their payloads and the columns of their history, as a profile keeps it.

use crate::panels::inspector::content::PayloadView;
use crate::payload::decode::Format;
use crate::payload::query::JsonPath;
use crate::store::profiles::TopicLook;

/// Names of the views that are no formats.
const DIFF: &str = "diff";
const QUERY: &str = "jq";

/// The look of a topic, as it is kept.
pub fn look(topic: &str, view: Option<PayloadView>, columns: &[JsonPath]) -> TopicLook {
    let view = match view {
        Some(PayloadView::As(format)) => format.id(),
        Some(PayloadView::Diff) => DIFF,
        Some(PayloadView::Query) => QUERY,
        None => "",
    };
    let columns = columns.iter().map(JsonPath::to_string).collect();
    TopicLook { topic: topic.to_owned(), view: view.to_owned(), columns }
}

/// The view of a look; `None` if it names none that is known here.
pub fn view_of(look: &TopicLook) -> Option<PayloadView> {
    match look.view.as_str() {
        DIFF => Some(PayloadView::Diff),
        QUERY => Some(PayloadView::Query),
        format => Format::of_id(format).map(PayloadView::As),
    }
}

/// The columns of a look, without what is no path.
pub fn columns_of(look: &TopicLook) -> Vec<JsonPath> {
    look.columns.iter().filter_map(|path| path.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_read_as_it_was_kept() {
        let columns: Vec<JsonPath> = ["a.b[0]", "[\"x y\"]"].map(|path| path.parse().unwrap()).into();
        for view in [PayloadView::As(Format::Hex), PayloadView::Diff, PayloadView::Query] {
            let kept = look("t", Some(view), &columns);
            assert_eq!((view_of(&kept), columns_of(&kept)), (Some(view), columns.clone()));
        }
        assert_eq!(view_of(&look("t", None, &[])), None);
        let later = TopicLook {
            view: "hologram".to_owned(),
            columns: vec!["a..b".to_owned()],
            ..TopicLook::default()
        };
        assert_eq!((view_of(&later), columns_of(&later)), (None, vec![]));
    }
}
