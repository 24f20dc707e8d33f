//! The data types of Sparkplug B (specification 3.0, 6.4.16).

/// The type of a metric's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataType {
    /// Signed, with its width in bytes.
    Int(u8),
    /// Unsigned, with its width in bytes.
    UInt(u8),
    Float,
    Double,
    Boolean,
    /// Text of some kind.
    Text(&'static str),
    DateTime,
    DataSet,
    /// Bytes of some kind.
    Bytes(&'static str),
    Template,
    PropertySet,
    PropertySetList,
    /// Numbers, booleans, texts or times in a row.
    Array(Item),
    /// A number that no version of the specification known here gives a meaning.
    Unknown(u64),
}

/// What stands in an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Int(u8),
    UInt(u8),
    Float,
    Double,
    Boolean,
    Text,
    DateTime,
}

impl DataType {
    pub fn of(code: u64) -> Self {
        match code {
            1 => Self::Int(1),
            2 => Self::Int(2),
            3 => Self::Int(4),
            4 => Self::Int(8),
            5 => Self::UInt(1),
            6 => Self::UInt(2),
            7 => Self::UInt(4),
            8 => Self::UInt(8),
            9 => Self::Float,
            10 => Self::Double,
            11 => Self::Boolean,
            12 => Self::Text("String"),
            13 => Self::DateTime,
            14 => Self::Text("Text"),
            15 => Self::Text("UUID"),
            16 => Self::DataSet,
            17 => Self::Bytes("Bytes"),
            18 => Self::Bytes("File"),
            19 => Self::Template,
            20 => Self::PropertySet,
            21 => Self::PropertySetList,
            22 => Self::Array(Item::Int(1)),
            23 => Self::Array(Item::Int(2)),
            24 => Self::Array(Item::Int(4)),
            25 => Self::Array(Item::Int(8)),
            26 => Self::Array(Item::UInt(1)),
            27 => Self::Array(Item::UInt(2)),
            28 => Self::Array(Item::UInt(4)),
            29 => Self::Array(Item::UInt(8)),
            30 => Self::Array(Item::Float),
            31 => Self::Array(Item::Double),
            32 => Self::Array(Item::Boolean),
            33 => Self::Array(Item::Text),
            34 => Self::Array(Item::DateTime),
            code => Self::Unknown(code),
        }
    }

    /// As the specification writes it.
    pub fn name(self) -> String {
        match self {
            Self::Int(width) => format!("Int{}", u32::from(width) * 8),
            Self::UInt(width) => format!("UInt{}", u32::from(width) * 8),
            Self::Float => "Float".to_owned(),
            Self::Double => "Double".to_owned(),
            Self::Boolean => "Boolean".to_owned(),
            Self::Text(name) | Self::Bytes(name) => name.to_owned(),
            Self::DateTime => "DateTime".to_owned(),
            Self::DataSet => "DataSet".to_owned(),
            Self::Template => "Template".to_owned(),
            Self::PropertySet => "PropertySet".to_owned(),
            Self::PropertySetList => "PropertySetList".to_owned(),
            Self::Array(item) => format!("{}Array", item.name()),
            Self::Unknown(code) => format!("DataType{code}"),
        }
    }
}

impl Item {
    fn name(self) -> String {
        match self {
            Self::Int(width) => DataType::Int(width).name(),
            Self::UInt(width) => DataType::UInt(width).name(),
            Self::Float => DataType::Float.name(),
            Self::Double => DataType::Double.name(),
            Self::Boolean => DataType::Boolean.name(),
            Self::Text => "String".to_owned(),
            Self::DateTime => DataType::DateTime.name(),
        }
    }
}
