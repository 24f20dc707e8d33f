//! Finds types that share a name although both are seen outside of their module.

use std::collections::BTreeMap;

use syn::{Item, Visibility};

use super::files::SourceFile;

/// Names that stand for one thing per module and are always written with it: `record::Plan`.
const QUALIFIED: &[&str] = &["Plan"];

/// Names with more than one definition, and where those are.
pub fn shared(files: &[SourceFile]) -> syn::Result<Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.is_tests()) {
        for name in visible_types(&file.text)? {
            places.entry(name).or_default().push(file.path.display().to_string());
        }
    }
    places.retain(|name, places| places.len() > 1 && !QUALIFIED.contains(&name.as_str()));
    Ok(places.into_iter().map(|(name, places)| format!("{name}: {}", places.join(", "))).collect())
}

/// The types of a file that more than its own module and the one above it see.
fn visible_types(text: &str) -> syn::Result<Vec<String>> {
    let name = |item: Item| {
        let (visibility, name) = match item {
            Item::Enum(item) => (item.vis, item.ident),
            Item::Struct(item) => (item.vis, item.ident),
            Item::Trait(item) => (item.vis, item.ident),
            Item::Type(item) => (item.vis, item.ident),
            _ => return None,
        };
        let seen = match visibility {
            Visibility::Public(_) => true,
            Visibility::Restricted(part) => !part.path.is_ident("super"),
            Visibility::Inherited => false,
        };
        seen.then(|| name.to_string())
    };
    Ok(syn::parse_file(text)?.items.into_iter().filter_map(name).collect())
}
