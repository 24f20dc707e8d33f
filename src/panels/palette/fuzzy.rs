//! How well a few typed letters match the name of a command.

/// Score for a letter directly after the previous match.
const ADJACENT: i32 = 6;
/// Score for a letter at the beginning of a word.
const WORD_START: i32 = 8;
/// Score for the very first letter.
const TEXT_START: i32 = 4;
/// Penalty for each letter skipped between two matches, up to [`SKIPPED_MAX`].
const SKIPPED: i32 = 1;
const SKIPPED_MAX: i32 = 5;

/// How well `query` matches `text`: its letters must occur in this order, ignoring case and spaces. Higher is better;
/// `None` means no match. Considers all placements of the letters in `query × text²` steps, which is cheap for names of
/// a few words.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let query: Vec<char> = folded(query).filter(|letter| !letter.is_whitespace()).collect();
    let text: Vec<char> = folded(text).collect();
    // For each place in `text`, the best score with the last letter placed there.
    let mut best: Vec<Option<i32>> = Vec::new();
    for (step, letter) in query.iter().enumerate() {
        best = (0..text.len())
            .map(|place| {
                if text[place] != *letter {
                    return None;
                }
                let before = if step == 0 { Some(0) } else { best_before(&best, place) };
                before.map(|before| before + bonus(&text, place))
            })
            .collect();
    }
    if query.is_empty() { Some(0) } else { best.into_iter().flatten().max() }
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn best_before(best: &[Option<i32>], place: usize) -> Option<i32> {
    let joined = |before: usize| match (place - before) as i32 - 1 {
        0 => ADJACENT,
        skipped => -SKIPPED * skipped.min(SKIPPED_MAX),
    };
    (0..place).filter_map(|before| best[before].map(|score| score + joined(before))).max()
}

fn bonus(text: &[char], place: usize) -> i32 {
    match place.checked_sub(1).map(|before| text[before].is_alphanumeric()) {
        None => WORD_START + TEXT_START,
        Some(false) => WORD_START,
        Some(true) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_fit_whatever_their_case() {
        assert!(score("CT", "Copy topic").is_some());
        assert!(score("copy t", "Copy topic").is_some());
        assert!(score("tc", "Copy topics").is_some());
        assert_eq!(score("xyz", "Copy topic"), None);
        assert_eq!(score("topic copy", "Copy topic"), None);
        assert_eq!(score("", "Copy topic"), Some(0));
    }

    #[test]
    fn beginnings_of_words_and_runs_are_better() {
        assert!(score("cp", "Copy payload") > score("cp", "Clear topics…"));
        assert!(score("pub", "Publish") > score("pub", "Plots, upper bound"));
        assert!(score("dark", "Dark theme") > score("dark", "Disconnect and mark"));
        assert!(score("p", "Pause") > score("p", "Copy topic"));
    }

    #[test]
    fn other_scripts_fit_as_well() {
        assert!(score("主题", "复制主题").is_some());
        assert!(score("复题", "复制主题").is_some());
        assert_eq!(score("载荷", "复制主题"), None);
    }
}
