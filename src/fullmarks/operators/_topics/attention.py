"""What is said of attention, the Transformer's parts and the Vision Transformer's steps."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "attention": Topic(
        "the attention mechanism",
        (
            "It decides how relevant every token is to the current one, and takes a weighted sum accordingly.",
            "Relevance is a dot product of two vectors: the more alike their directions, the larger.",
            "Softmax turns these scores into weights that add to 1.",
        ),
        (
            "Any two tokens are joined directly, however far apart.",
            "The weights depend on the input, so each input is weighed in its own way.",
            "All tokens are processed side by side.",
            "The weights can be looked at, to see which tokens were considered.",
        ),
        (
            "Work and memory grow with the square of the number of tokens.",
            "It does not know the order of the tokens by itself.",
        ),
    ),
    "query_key_value": Topic(
        "queries, keys and values",
        (
            "Each token is mapped linearly to three vectors, by the trained matrices $W_Q$, $W_K$ and $W_V$.",
            "The query says what a token looks for, the key what a token offers for comparison.",
            "The value is what a token contributes to the weighted sum.",
        ),
        (
            "A token can look for something else than it offers, so relevance need not be mutual.",
            "What is compared and what is passed on can be learnt separately.",
        ),
        ("There are three matrices to train for every head.",),
    ),
    "scaled_dot_product": Topic(
        "scaled dot-product attention",
        (
            "It computes $\\mathrm{softmax}(Q K^T / \\sqrt{d_k}) V$.",
            "Scores are divided by $\\sqrt{d_k}$ because a sum of $d_k$ products grows with the length of the vectors.",
            "The softmax is taken over the keys, so each query's weights add to 1.",
        ),
        (
            "Scaled scores keep the softmax from saturating, so its gradients do not become tiny.",
            "It consists of products of matrices, which run fast on parallel hardware.",
        ),
        (
            "The table of scores has an entry for every pair of query and key, which is large for long inputs.",
            "Softmax never gives a weight of exactly 0, so irrelevant tokens always contribute a little.",
        ),
    ),
    "self_attention": Topic(
        "self-attention",
        (
            "Queries, keys and values all come from the same sequence.",
            "Each token becomes a context vector: a weighted sum of the values of all tokens, itself included.",
        ),
        (
            "A word's vector takes in what surrounds it, which tells apart the meanings of a word.",
            "The first layer already sees the whole sequence.",
            "All positions are computed side by side.",
        ),
        (
            "The work grows with the square of the length of the sequence.",
            "Without positional encoding it treats the sequence as a set.",
        ),
    ),
    "cross_attention": Topic(
        "cross-attention",
        (
            "Queries come from one sequence (the decoder's), keys and values from another (the encoder's output).",
            "There are as many outputs as there are queries.",
        ),
        (
            "Each output word looks at those input words that matter for it.",
            "The input need not be squeezed into one vector, as it is in a plain encoder and decoder.",
            "The two sequences may have different lengths.",
        ),
        (
            "Its table of weights grows with the product of the two lengths.",
            "The encoder must have finished before it can begin.",
        ),
    ),
    "masked_attention": Topic(
        "masked attention",
        (
            "Scores of tokens that must not be seen are set to minus infinity, so softmax gives them weight 0.",
            "In the decoder a causal mask hides all later tokens: a token sees itself and earlier ones.",
        ),
        (
            "The decoder cannot copy the word that it is to predict.",
            "All positions of a known target sentence can be trained side by side.",
            "Training matches use, where later words do not exist yet.",
            "A mask can also hide padding, so sequences of several lengths fit one batch.",
        ),
        (
            "A token knows nothing of what follows, which would help where the whole text is known.",
            "About half of the scores are computed or stored for nothing, unless the program skips them.",
        ),
    ),
    "multi_head_attention": Topic(
        "multi-head attention",
        (
            "Several attention heads with projections of their own work side by side on smaller vectors.",
            "Their outputs are joined end to end and mixed by a final matrix $W_O$.",
        ),
        (
            "Each head can attend to another kind of relation, such as grammar or nearness.",
            "With $d_k = d/h$ the cost is about that of a single head of full width.",
            "The heads are independent, so they are computed side by side.",
        ),
        (
            "The number of heads is one more number to choose.",
            "Too many heads leave each with vectors too short to compare much.",
            "Some heads turn out to be superfluous.",
        ),
    ),
    "positional_encoding": Topic(
        "positional encoding",
        (
            "A vector that depends on the position alone is added to each token's embedding.",
            "It is needed because attention by itself does not know the order of its tokens.",
            "The original form uses sines and cosines of several frequencies, one pair for two columns.",
        ),
        (
            "Sines and cosines need no training and exist for any position.",
            "The encoding of a position a fixed distance away is a linear function of the present one.",
            "Its values are bounded, so far positions do not drown the embeddings.",
        ),
        (
            "Position and meaning share the same vector, so the network must learn to tell them apart.",
            "Lengths beyond those seen in training are often handled badly.",
        ),
    ),
    "layer_norm": Topic(
        "layer normalisation",
        (
            "Each token's vector is given mean 0 and variance 1, then scaled and shifted by learnt numbers.",
            "Mean and variance are taken over the features of one token, not over the batch.",
        ),
        (
            "It does not depend on the size of the batch.",
            "It works for sequences of any length and is the same in training and in use.",
            "It keeps values in one range, so deep stacks of layers train stably.",
        ),
        (
            "It needs the mean and variance anew for every token, in use too.",
            "The mean and the scale of a vector, which may carry information, are removed.",
        ),
    ),
    "feed_forward_layer": Topic(
        "the feed-forward layer of a Transformer",
        (
            "Two linear maps with an activation between them are applied to each token on its own.",
            "The hidden width is usually four times that of the tokens.",
            "Attention mixes tokens, the feed-forward layer then processes each mixture.",
        ),
        (
            "It adds the nonlinearity that the weighted sums of attention lack.",
            "The same weights serve all tokens, which are processed side by side.",
        ),
        (
            "It holds about two thirds of the weights of an encoder layer.",
            "It exchanges nothing between tokens.",
        ),
    ),
    "word_embedding": Topic(
        "the embedding of words",
        (
            "Each word or token of the vocabulary has a trained vector, looked up by its index.",
            "It is the same as multiplying a one-hot vector by the matrix of embeddings.",
        ),
        (
            "Words of similar use get similar vectors, whereas one-hot vectors are all equally far apart.",
            "The vectors are far shorter than the vocabulary.",
        ),
        (
            "The table has a row for every word, so it is large.",
            "Each word has one vector whatever its context, until attention adds that.",
            "Words outside the vocabulary have none.",
        ),
    ),
    "transformer_encoder": Topic(
        "the Transformer encoder",
        (
            "Embeddings with positional encoding pass through layers of self-attention and feed-forward parts.",
            "Each part has a residual sum and a layer norm around it.",
            "It gives one context vector for every token of the input.",
        ),
        (
            "Every token can look at all others, before and after it.",
            "All tokens are processed side by side.",
        ),
        (
            "The work grows with the square of the number of tokens.",
            "It needs the complete input before it can begin.",
        ),
    ),
    "transformer_decoder": Topic(
        "the Transformer decoder",
        (
            "Masked self-attention looks at the output words so far.",
            "Cross-attention then looks at the encoder's output.",
            "A linear layer and softmax give a probability for each word of the vocabulary.",
        ),
        (
            "It can produce outputs of any length.",
            "In training all positions are computed side by side, thanks to the mask.",
        ),
        (
            "In use words come one after another, since each depends on those before.",
            "A wrong word misleads all later ones.",
        ),
    ),
    "image_patches": Topic(
        "image patches as tokens",
        (
            "An image is cut into squares that do not overlap, $HW/P^2$ of them for patches of side $P$.",
            "Each is flattened, in reading order, and mapped linearly to an embedding.",
        ),
        (
            "There are far fewer tokens than pixels, so attention becomes affordable.",
            "A Transformer made for words can be used almost unchanged.",
            "The linear map is shared by all patches.",
        ),
        (
            "An object may be cut across several patches.",
            "Smaller patches keep more detail but cost much more: half the side gives four times the tokens.",
            "Where a pixel lies inside its patch, and which pixels are its neighbours, must be learnt.",
        ),
    ),
    "class_token": Topic(
        "the class token",
        (
            "A trained vector is put in front of the patch embeddings as one more token.",
            "Its output after the last encoder layer goes to the MLP head, which gives the class scores.",
        ),
        (
            "By attention it gathers what matters from all patches.",
            "It belongs to no patch, so it favours none.",
            "It gives one vector of fixed size, however many patches there are.",
        ),
        (
            "It makes the sequence one token longer.",
            "Averaging the outputs of all patches does about as well without it.",
        ),
    ),
    "position_embedding": Topic(
        "the position embeddings of ViT",
        (
            "A trained vector for each position is added to the embedding of the patch there.",
            "They tell the encoder where a patch lies, which attention would not know.",
        ),
        (
            "They are learnt, so they can express what the data need, even rows and columns.",
            "They are only one vector a position, few weights compared with the encoder's.",
        ),
        (
            "There is one for each position seen in training, so another image size needs interpolation.",
            "That neighbours belong together has to be learnt from data.",
        ),
    ),
}
