"""How instructions to a model are worded in English: reason, first word, rest; see `injection_phrases`."""

# ruff: noqa: E501 - tables of patterns

from __future__ import annotations

from typing import Final

from forgeapp.reading.injection_reasons import (
    ADDRESSES,
    ASKS_SECRETS,
    DICTATES,
    GIVES_ROLE,
    OVERRIDES,
    SENDS_AWAY,
)

_AI = (
    r"(?:(?:any |the |an? |all |every )?(?:ai|a\.i\.|llm|llms|artificial intelligence|language model|large language "
    r"model|chatgpt|gpt\w*|chatbot)(?: (?:assistant|model|agent|system|bot|reader|reviewer|tool)s?)?"
    r"|(?:the )?(?:summari[sz]er|(?:automat(?:ed|ic)|ai) (?:reviewer|grader|screener|evaluator|assistant)s?))"
)
_NO_PERSON = (
    r"(?![ ](?:engineer|developer|researcher|expert|scientist|specialist|consultant|company|companies|start-?up|vendor|"
    r"provider|professional|enthusiast|student|team|lead|manager|user|officer)s?\b)"
)
"""What makes of 'an AI' a person or a firm."""
_ROLE = (
    r"(?:ai|llm|dan|assistant(?![ ](?:to|of|for|manager|director|professor)\b)|chatbot|bot|hacker|jailbroken|unrestricted|unfiltered|uncensored|pirate|root|"
    r"developer mode|debug mode|god mode|admin mode|maintenance mode|dan mode)"
)
_BEFORE = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|former|past|system|other|safety|"
    r"developer|default|old)"
)
_STRONG = (
    r"(?:instructions?|prompts?|directives?|commands?|guardrails?|programming|training|constraints|guidelines|"
    r"safeguards)"
)
_WEAK = r"(?:rules?|orders|directions|context|conversations?|messages?|text|content|requests?|tasks?|polic(?:y|ies))"
_PROMPT = (
    r"(?:(?:system|initial|hidden|original|secret|internal|developer) (?:prompts?|messages?|instructions?)|"
    r"your (?:<2>)(?:prompts?|instructions|guidelines|system message)\b(?![ ](?:id\b|to (?!me\b|us\b|the user))))"
)
_CREDENTIALS = (
    r"(?:(?:api|secret|access|private|ssh|encryption)[ _-]?(?:keys?|tokens?)|passwords?|credentials|secrets|"
    r"environment variables|session tokens?|auth tokens?|keyring)"
)
_ADDRESS = r"(?:to|at|via|into|using) (?:<4>)(?:https?|www|[\w.+-]{1,64}@|webhook|attacker|evil|this (?:url|address))"

ENGLISH: Final = (
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|disregarding|forget|override|overrule|bypass|discard|neglect|abandon|abandoning",
        rf" (?:(?:all|any|every|each|the|these|those|of|completely|both|and|everything|immediately) ){{0,5}}"
        rf"{_BEFORE} (?:and \w+ )?(?:\w+ )?{_STRONG}\b",
    ),
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|forget|override|bypass|discard",
        rf" (?:all|any|every|everything|each and every|your)(?: of)? (?:(?:the|of|your|my|these|those|in) ){{0,3}}"
        rf"{_BEFORE} (?:\w+ )?{_WEAK}\b",
    ),
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|forget|override|bypass|discard",
        r" (?:all |any |the )?(?:of )?your (?:<2>)(?:instructions?|prompts?|guidelines|programming|training|rules|"
        r"guardrails|restrictions|constraints|directives?|safety \w+|polic(?:y|ies)|task)\b",
    ),
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|forget|override|bypass|discard|abandon",
        r" (?:(?:all|any|the|those|of|these) ){0,3}(?:instructions?|prompts?|directives?|commands|rules|guidelines|"
        r"directions) (?:above|before this|you (?:were|have been|got|have|received|had)|given (?:to you|above|earlier|"
        r"previously|before)|so far|from (?:the |your )(?:users?|system|developers?))\b",
    ),
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|forget|discard",
        r" (?:absolutely |literally )?(?:everything|anything|all)(?: that)? (?:above|before(?: this)?|prior|previously|so "
        r"far|written|said|i (?:said|told)|we (?:said|discussed)|came before|you (?:were|have been|ve been|had been|"
        r"are) (?:told|instructed|given|asked|taught))\b",
    ),
    (
        OVERRIDES,
        r"ignore|ignoring|disregard|forget",
        r" (?:the |your )?(?:users?(?:['’]?s)? (?:instructions?|questions?|prompt|requests?|query|task)|system prompts?)\b",
    ),
    (
        OVERRIDES,
        r"set|put|leave|lay",
        rf" aside (?:<3>)(?:you (?:were|are|have been|ve been) (?:<1>)(?:told|asked|instructed|given)|{_BEFORE} {_STRONG}|"
        r"your (?:<1>)(?:instructions|prompts?|task))\b",
    ),
    (OVERRIDES, r"do|don|stop|never", r" ?(?:['’]t |not )?(?:obey|obeying) the users?\b"),
    (
        OVERRIDES,
        r"do|don|stop|never|no",
        r" ?(?:['’]t |not |longer )?(?:follow|following|obey|obeying|listen to|listening to|do|doing|answer|answering) "
        r"(?:what )?the users?(?:['’]?s)? (?:instructions?|requests?|orders?|questions?|commands?|asks|asked|wants|says|and)\b(?! (?:before|until|unless|without)\b)",
    ),
    (
        OVERRIDES,
        r"do|don|must|should|stop|cease|pay|no",
        r" ?(?:['’]t |not )?(?:longer )?(?:follow|following|obey|obeying|comply with|adhere to|attention to|bound by) "
        rf"(?:(?:all|any|the|those|your|these|of) ){{0,4}}(?:{_BEFORE} (?:\w+ )?{_STRONG}|instructions above|"
        r"your (?:instructions|guidelines|rules|programming))\b",
    ),
    (GIVES_ROLE, r"you|your", rf" (?:are|re|will be|act as|become) (?:now |henceforth )(?:<5>){_ROLE}\b"),
    (
        GIVES_ROLE,
        r"you",
        r" (?:are|re) no longer (?:an? |the |bound |restricted |limited |under )(?:<4>)(?:ai|assistant|model|chatbot|bot|rules|restrictions|guidelines|polic\w+|instructions|forgeapp)\b",
    ),
    (
        GIVES_ROLE,
        r"from|starting",
        r" (?:now on|this point on|this point forward|here on|now) (?:you (?:are|will|must|shall|should|only|act|answer|"
        r"respond|reply|have|obey)|(?:always |only )?(?:answer|respond|reply|act|behave|speak|pretend|obey) "
        r"(?:as|only|with|in|like|me|every|to)\b)",
    ),
    (
        GIVES_ROLE,
        r"pretend|act|roleplay|behave",
        rf" (?:that )?(?:to be|you are|you re|as|as if you (?:were|are)|like) (?:<3>){_ROLE}\b",
    ),
    (
        GIVES_ROLE,
        r"your",
        r" (?:new|real|actual|true|only|sole|updated) (?:task|goal|objective|instructions?|purpose|mission|directive|"
        r"system prompt|persona|identity) (?:is|are|now)\b",
    ),
    (
        GIVES_ROLE,
        r"your",
        r" (?:real|actual|true) (?:task|job|goal|objective|instructions?|mission)(?: (?:is|are)\b|[ ]?:)",
    ),
    (
        GIVES_ROLE,
        r"assume|adopt|take|play",
        r" (?:on )?the (?:role|persona|identity|character) of (?:<2>)(?:ai|dan|unrestricted|unfiltered|uncensored|jailbroken|hacker)\b",
    ),
    (
        GIVES_ROLE,
        r"enter|enable|activate|switch|you",
        r" (?:are |re )?(?:now )?(?:to |in |into )?(?:dan|god|jailbreak|unrestricted|sudo) mode\b",
    ),
    (
        GIVES_ROLE,
        r"new",
        r" (?:system )?(?:instructions?|prompt|directives?) (?:for (?:you|the (?:ai|assistant|model))|follow|from (?:the )?(?:admin|system|developer)\w*)\b",
    ),
    (
        GIVES_ROLE,
        r"new",
        r"[ \t]{1,3}(?:system )?(?:instructions?|directives?|system prompt)[ \t]{0,3}:[^\w]{0,6}(?:you|ignore|print|output|reply|respond|answer|reveal|send|delete|forget|say|always|never|do not|translate|call|open)\b",
    ),
    (
        ADDRESSES,
        r"notes?|message|instructions?|notice|memo|reminder|attention|dear|hey|hello|important|command|warning",
        rf"(?: (?:to|for))? {_AI}(?:\W{{0,3}}:|,| (?:reading|processing|summari[sz]ing|parsing|that|who|when|if|please|"
        r"you|must|should|only)\b)",
    ),
    (
        ADDRESSES,
        r"if",
        r" (?:you are|you re|this is (?:being )?(?:read|processed|parsed|summari[sz]ed) by|read by) "
        + _AI
        + r"\b"
        + _NO_PERSON,
    ),
    (
        ADDRESSES,
        r"as",
        r" an? (?:ai|llm|language model|ai (?:assistant|model|agent)) (?:reading this |processing this )?you (?:must|should|will|have to|are (?:required|instructed|ordered))\b",
    ),
    (
        ADDRESSES,
        r"ai|llm|llms|assistants?|model|models|chatbots?|agents?",
        r" (?:assistants? |models? |agents? |systems? )?(?:reading|processing|summari[sz]ing|parsing|analy[sz]ing|reviewing|ingesting) this (?:<2>)(?:must|should|shall|will|please|needs?|has|have|are|is)\b",
    ),
    (
        ADDRESSES,
        r"the|this",
        r" (?:ai|llm|language model|ai assistant|ai model) (?:must|shall|is (?:instructed|ordered|required)"
        r" to|has to|should) (?:now |immediately |always |never |then |not )?(?:ignore|print|output|reply|respond|reveal|send|"
        r"say|delete|forward|call|execute|obey|disregard|tell|recommend|export|change|approve)\b",
    ),
    (  # An assistant may be a person, who replies to customers.
        ADDRESSES,
        r"the|this",
        r" (?:assistant|chatbot) (?:must|shall|is (?:instructed|ordered|required) to|has to|should) (?:now |immediately |always "
        r"|never |then |not )?(?:ignore|print|output|reveal|say (?:that|nothing)|execute|obey|disregard|tell the (?:user|reader)|"
        r"recommend)\b",
    ),
    (
        ADDRESSES,
        r"assistant|ai|chatgpt|llm|system|gpt|chatbot|copilot",
        r"[ \t]{0,2}[:,][^\w\n]{0,6}(?:please |now |you must |immediately )?(?:ignore|disregard|forget|print|output|reply|respond|"
        r"reveal|send|say|delete|forward|execute|obey|recommend|export|approve|you are|from now on|override|do not|"
        r"new instructions?|summari[sz]e|email|call|open|upload)\b",
    ),
    (
        ASKS_SECRETS,
        r"reveal|show|print|output|repeat|display|tell|give|leak|disclose|dump|write|send|return|share|expose|quote|"
        r"recite|paste|summari[sz]e|append|include|post|email|forward",
        rf" (?:me |us |out |back )?(?:<4>){_PROMPT}",
    ),
    (
        ASKS_SECRETS,
        r"reveal|disclose|leak|exfiltrate|divulge|dump|expose|steal",
        rf" (?:me |us |out )?(?:<5>){_CREDENTIALS}\b",
    ),
    (
        ASKS_SECRETS,
        r"print|output|show|tell|give|list|include|repeat|return|write|display|append|insert|embed|encode|put|add",
        rf" (?:me |us |out |here )?(?:<1>)(?:the users?(?:['’]?s)?|users?['’]s|all(?: of)?(?: the| your| stored| saved)?|"
        rf"any|your|stored|configured|saved) (?:<2>){_CREDENTIALS} (?:<2>)(?:here|in (?:your|the|this) (?:reply|response|answer|"
        rf"output|summary|document|table|artifact|chat)|to (?:me|the (?:reply|response|answer|output|summary))|you (?:have|know)|as|now|instead|below)\b",
    ),
    (
        ASKS_SECRETS,
        r"print|output|reveal|tell",
        rf" (?:me |us |out )?(?:your|the users?['’]?s?) (?:<1>){_CREDENTIALS}\b(?![ ](?:card|letter|slip|reset|form|hint)s?\b)",
    ),
    (
        ASKS_SECRETS,
        r"what",
        r" (?:is|are|were) your (?:system prompt|initial (?:prompt|instructions)|original instructions|hidden instructions|api keys?)\b",
    ),
    (
        SENDS_AWAY,
        r"send|post|email|mail|forward|upload|transmit|submit|deliver|exfiltrate|leak|copy|append|encode",
        rf" (?:<6>)(?:{_CREDENTIALS}|chat history|chat logs?|conversations?|(?:this|the|your|entire|whole|full) (?:context|prompt|"
        rf"chat|session)|system prompt|users?['’]?s? (?:data|files|messages|requests?|documents?|keys?)|everything you (?:know|"
        rf"have|see|can)) (?:<6>){_ADDRESS}",
    ),
    (SENDS_AWAY, r"exfiltrate", r" (?:<4>)(?:data|files?|keys?|contents?|conversation|database|history)\b"),
    (
        SENDS_AWAY,
        r"call|invoke|use|run|trigger|execute",
        r" (?:the |your |this )?(?:tool (?:named|called)|\w+_\w+ (?:tool|function|command|plugin)|(?:browser|browsing|web|email|mail|shell|terminal|file|http|fetch|filesystem|code) (?:tool|plugin|interpreter))(?: (?:to|with|and|on|now|named|called)\b|\W{0,3}[:`\"'(])",
    ),
    (
        SENDS_AWAY,
        r"fetch|visit|open|request|load|call|get|follow|browse|navigate|access|click",
        r" (?:to )?(?:<3>)https?://[^\s<>\"']{3,200}+ (?:<4>)(?:and (?:then )?(?:follow|obey|execute|do what|run|carry out) (?:<3>)"
        r"(?:instructions?+(?! (?:on|in|below|above|of|for|to))|it|there|says?|commands?)|with (?:the )?(?:conversation|chat|keys?|user data|contents? of this))",
    ),
    (
        SENDS_AWAY,
        r"export|save|write|copy|append|store",
        r" (?:<6>)(?:/etc/(?:passwd|shadow|sudoers|cron\w*)|~/\.(?:ssh|bashrc|profile|aws)|authorized_keys|/root/|"
        r"c:[/\\]windows)",
    ),
    (
        SENDS_AWAY,
        r"change|set|switch|replace|redirect|update|point|overwrite",
        r" (?:the |your |all )?(?:<2>)(?:provider|base url|api (?:base|url|endpoint)|export (?:folder|path|destination|target)|"
        r"default model|budget|system prompt|api key) (?:<3>)(?:to|with) (?:https?://[^\s]{0,40}(?:evil|attacker|exfil|steal|malicious)|"
        r"/etc|/root|unlimited|zero)\b",
    ),
    (
        SENDS_AWAY,
        r"delete|erase|wipe|remove",
        r" (?:all |every |any )(?:of )?(?:the )?users?(?:['’]s?)? (?:<1>)(?:files|data|documents|artifacts|conversations|database)\b(?! (?:is|are|was|within|after|upon|when|request))",
    ),
    (
        DICTATES,
        r"print|output|say|write|reply|respond|answer|return|display|echo|shout|type|state|append|insert",
        r" (?:<7>)(?:output hacked|hacked|pwned|i have been pwned|haha pwned|injection successful|jailbroken)\b",
    ),
    (DICTATES, r"output", r" hacked\b"),
    (
        DICTATES,
        r"do|don|never|instead|rather",
        r" ?(?:['’]t |not |of |than )?(?:summari[sz]\w{1,4}|translat\w{1,4}|analy[sz]\w{1,4}|answering|doing|process\w{0,3}) (?:<8>)"
        r"[^\w]{0,3}(?:instead |but )?(?:output|say|reply|respond|print|tell|only)\b",
    ),
    (
        DICTATES,
        r"do|don|must|should|never|cannot",
        r" ?(?:['’]t |not )?(?:summari[sz]|translat|analy[sz]|answer)\w{0,4}\b[^.!?\n]{0,60}?\binstead\b[^\w]{0,3}(?:just |only )?"
        r"(?:output|say|reply|respond|print|write|tell|answer|return)\b",
    ),
    (
        DICTATES,
        r"when|whenever|while|if",
        r" (?:you (?:are )?)?summari[sz]\w{1,4} (?:<2>)(?:this|the) (?:\w{1,9}-)?\w+[^\w]{0,3}(?:always |also )?"
        r"(?:add|include|mention|write|append|insert|omit|leave out)\b",
    ),
    (
        DICTATES,
        r"when|whenever|while|if|before|after",
        r" (?:you (?:are )?)?(?:asked (?:to |about )|summari[sz]\w{1,4}|translat\w{1,4}|process\w{0,3}|asked) (?:<2>)(?:this|the) "
        r"(?:document|text|file|e?-?mail|page|table|invoice|resume|cv|message|article|content|data|spreadsheet|row)\b[^\w]{0,3}"
        r"(?:<4>)(?:say|state|output|claim|recommend|reply|respond|rate|print|tell|pretend|ignore|conclude)\b",
    ),
    (
        DICTATES,
        r"rate|score|rank|grade|evaluate|recommend|hire|mark",
        r" this (?:candidate|applicant|resume|cv|paper|submission|essay|manuscript|product) (?:as (?:the )?(?:best|excellent|top|"
        r"outstanding|perfect|highly|qualified|the)|with (?:the )?(?:highest|full|top|maximum)|\d+ (?:out )?(?:of )?\d+|the highest)\b",
    ),
    (DICTATES, r"give", r" (?:this \w+ )?(?:a |only )?positive reviews? only\b|give (?:a )?positive review\b"),
    (
        DICTATES,
        r"do|don|never|without",
        r" ?(?:['’]t |not )?(?:tell|inform|telling|informing|alerting|alert|mention(?:ing)? (?:this |it |that |these instructions "
        r"|any of this )?to|reveal(?:ing)? (?:this |it |that )?to|notify) the (?:users?|human|person reading)(?: (?:about|that|of|you) "
        r"(?:this|these|it|you|the)\b|[^\w]{0,3}(?:$|[.!\n\"'<*)\]-]))",
    ),
)

ENGLISH_BESIDES: Final = (
    (
        OVERRIDES,
        r"ignore|disregard|forget",
        r" (?:all |everything )?(?:that |what |whatever )(?:the user|the users|you)(?:['’]?s|['’]ve)? (?:<2>)(?:told|asked|instructed|said|taught|wrote|learned|requested|wanted|wants)\b",
    ),
    (
        OVERRIDES,
        r"your",
        r" (?:instructions|rules|guidelines|orders|directives) (?:have|has|are) (?:now )?(?:been )?(?:changed|updated|replaced|overridden|revoked|void|cancell?ed)\b",
    ),
    (OVERRIDES, r"supersedes?|overrides?|replaces?|overrule", r" (?:the |your |any |all )?(?:<1>)system prompts?\b"),
    (
        OVERRIDES,
        r"disable|deactivate|bypass|remove|drop",
        r" (?:all |any )?(?:of )?(?:your |the )?(?:<1>)(?:safety|content|ethical|security) (?:filters?|guardrails|restrictions|guidelines|safeguards|measures)\b",
    ),
    (
        GIVES_ROLE,
        r"simulate|impersonate|emulate|play",
        r" (?:being |the role of |as )?(?:an? )?(?:dan|(?:<1>)(?:unrestricted|unfiltered|jailbroken) (?:ai|assistant|model|chatbot))\b",
    ),
    (GIVES_ROLE, r"do", r" anything now\b"),
    (
        GIVES_ROLE,
        r"you",
        r" (?:are|re) (?:an? )?(?:unrestricted|uncensored|unfiltered|jailbroken) (?:ai|assistant|model|chatbot)\b",
    ),
    (
        ADDRESSES,
        r"to|for",
        rf" {_AI} (?:reading|processing|summari[sz]ing|parsing|analy[sz]ing|reviewing|ingesting) this(?: (?:file|document|text|page|message|note|content|input)\b|[ ]?[:,])",
    ),
    (
        ASKS_SECRETS,
        r"repeat|print|output|copy|recite",
        r" (?:back )?(?:(?:everything|all|the (?:text|words|messages?|content)|all the text|every word)(?: that (?:is|was|stands))?) (?:above|before this)(?: this(?: line)?)?(?: verbatim| word for word| exactly| in full| starting)\b",
    ),
    (ASKS_SECRETS, r"what|which", r" (?:is|are|were|was) your (?:<1>)(?:system prompt|initial prompt|instructions)\b"),
    (
        SENDS_AWAY,
        r"use|using|via|with|through|run|invoke|call",
        r" your (?:terminal|shell|e?-?mail|file|browser|browsing|web|code|search|python|function|http) (?:tools?|plugin|access|function)\b",
    ),
    (
        SENDS_AWAY,
        r"render|include|display|insert|embed|load|show|add",
        r" (?:<4>)(?:image|link|picture|markdown|url|pixel|img)s?\b[^\n]{0,60}?https?://[^\s]{1,120}?[=/][^\w\s]{1,3}(?:the |your |user |users )?(?:conversation|chat|history|context|prompt|summary|secrets?|data|api|keys?|passwords?)",
    ),
    (
        DICTATES,
        r"tell|instruct|convince|persuade|urge",
        r" the (?:user|reader|human|customer) (?:<1>)to (?:<1>)(?:open|visit|click|go to|download|call|log in at) (?:<4>)(?:https?|www)\b",
    ),
)
