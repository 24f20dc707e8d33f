meta:
  id: mqrec
  title: A segment of a recording of mqttree
  file-extension: mqrec
  endian: le
  license: MIT OR Apache-2.0
  imports:
    - /common/vlq_base128_le
doc: |
  See recording-format.md. Bodies packed with LZ4 (raw blocks) stay packed here: Kaitai Struct has no such process built in.
seq:
  - id: head
    type: segment_head
  - id: frames
    type: frame
    repeat: until
    repeat-until: _io.eof or _.kind == kinds::footer
  - id: trailer
    type: trailer
    if: not _io.eof
enums:
  kinds:
    1: messages
    2: carried
    3: topics
    4: events
    5: gap
    6: keyframe
    7: footer
  codecs:
    0: plain
    1: lz4
types:
  segment_head:
    seq:
      - id: magic
        contents: [0x89, MQREC, 0x0d, 0x0a]
      - id: version
        type: u2
      - id: reserved
        size: 2
      - id: number
        type: u4
      - id: run
        type: u8
      - id: begun_us
        type: s8
      - id: len_facts
        type: u4
      - id: crc
        type: u4
      - id: facts
        size: len_facts
        type: str
        encoding: UTF-8
  frame:
    seq:
      - id: mark
        contents: [0xf5, MQF]
      - id: kind
        type: u1
        enum: kinds
      - id: codec
        type: u1
        enum: codecs
      - id: reserved
        size: 2
      - id: ordinal
        type: u4
      - id: count
        type: u4
      - id: first_us
        type: s8
      - id: last_us
        type: s8
      - id: len_body
        type: u4
      - id: len_unpacked
        type: u4
      - id: body_crc
        type: u4
      - id: head_crc
        type: u4
      - id: body
        size: len_body
        type:
          switch-on: kind
          cases:
            'kinds::messages': messages
            'kinds::carried': messages
  messages:
    seq:
      - id: len_index
        type: u4
      - id: len_index_unpacked
        type: u4
      - id: index_codec
        type: u1
        enum: codecs
      - id: data_codec
        type: u1
        enum: codecs
      - id: reserved
        size: 2
      - id: index
        size: len_index
      - id: data
        size-eos: true
  index:
    doc: The index of a frame of messages, once it is unpacked.
    params:
      - id: count
        type: u4
    seq:
      - id: num_topics
        type: vlq_base128_le
      - id: topics
        type: topic_of_frame
        repeat: expr
        repeat-expr: num_topics.value
      - id: topic_of_message
        type: vlq_base128_le
        repeat: expr
        repeat-expr: count
      - id: time_delta_zigzag
        type: vlq_base128_le
        repeat: expr
        repeat-expr: count
      - id: flags
        type: flags
        repeat: expr
        repeat-expr: count
      - id: lengths
        type: lengths(flags[_index].has_properties)
        repeat: expr
        repeat-expr: count
  topic_of_frame:
    seq:
      - id: number_delta_zigzag
        type: vlq_base128_le
      - id: frame_before
        type: vlq_base128_le
  flags:
    meta:
      bit-endian: le
    seq:
      - id: qos
        type: b2
      - id: retain
        type: b1
      - id: dup
        type: b1
      - id: has_properties
        type: b1
      - id: reserved
        type: b3
  lengths:
    params:
      - id: has_properties
        type: bool
    seq:
      - id: len_payload
        type: vlq_base128_le
      - id: len_properties
        type: vlq_base128_le
        if: has_properties
  trailer:
    seq:
      - id: ofs_footer
        type: u8
      - id: magic
        contents: MQRECEND
