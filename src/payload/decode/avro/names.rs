//! The named types of a schema, which other parts of it refer to.

use apache_avro::Schema;
use rustc_hash::FxHashMap;

/// Records, enumerations and fixed types by their full names.
#[derive(Debug, Default)]
pub(in crate::payload) struct AvroNames<'s>(FxHashMap<String, &'s Schema>);

impl<'s> AvroNames<'s> {
    /// Collects the names of a schema.
    pub(in crate::payload) fn of(schema: &'s Schema) -> Self {
        let mut names = Self::default();
        let mut left = vec![schema];
        while let Some(schema) = left.pop() {
            match schema {
                Schema::Array(array) => left.push(&array.items),
                Schema::Map(map) => left.push(&map.types),
                Schema::Union(union) => left.extend(union.variants()),
                Schema::Record(record) => {
                    names.0.insert(record.name.fullname(None), schema);
                    left.extend(record.fields.iter().map(|field| &field.schema));
                }
                Schema::Enum(names_of) => drop(names.0.insert(names_of.name.fullname(None), schema)),
                Schema::Fixed(fixed) => drop(names.0.insert(fixed.name.fullname(None), schema)),
                _ => {}
            }
        }
        names
    }

    /// What a reference stands for; the schema itself if it is none.
    pub(in crate::payload) fn resolve(&self, schema: &'s Schema) -> Option<&'s Schema> {
        let Schema::Ref { name } = schema else { return Some(schema) };
        let full = name.fullname(None);
        let found = self.0.get(&full).copied();
        // A name without its namespace is one of the namespace around it.
        found.or_else(|| {
            let ending = format!(".{full}");
            self.0.iter().find(|(known, _)| known.ends_with(&ending)).map(|(_, schema)| *schema)
        })
    }
}
