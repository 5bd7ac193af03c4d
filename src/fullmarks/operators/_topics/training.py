"""What is said of losses, of training by gradients and of what keeps it stable."""

from fullmarks.operators._topics.topic import Topic

TOPICS = {
    "loss_function": Topic(
        "the loss function",
        (
            "It measures by one number how far the outputs are from the targets; training makes it small.",
            "Which one fits depends on the target: a continuous value (regression) or a label (classification).",
            "It must have a useful gradient, which is why the share of wrong answers is not used for training.",
        ),
        ("One number to be minimised lets all weights be adjusted by the same rule, its gradient.",),
        (
            "A low loss on training data does not prove a low loss on new data.",
            "It may differ from what the application is judged by, such as accuracy.",
        ),
    ),
    "square_loss": Topic(
        "the square loss and its mean, the MSE",
        (
            "The differences between target and prediction are squared and added; the MSE divides the sum by $N$.",
            "It is a loss for regression.",
        ),
        (
            "It is smooth, and its gradient gets smaller as the prediction gets nearer.",
            "Large errors are punished more than in proportion, so the network avoids them.",
            "The MSE does not depend on the number of samples, so sets of different sizes can be compared.",
        ),
        (
            "Single outliers dominate it, since their errors are squared.",
            "Its unit is the square of the target's unit, which is hard to interpret.",
            "It suits labels badly, for they have no distances.",
        ),
    ),
    "mean_absolute_error": Topic(
        "the mean absolute error (MAE)",
        (
            "The absolute differences between target and prediction are averaged.",
            "It is a loss for regression.",
        ),
        (
            "Outliers count in proportion to their error only, so it is robust against them.",
            "It has the unit of the target, so it is easy to interpret.",
        ),
        (
            "Its slope is not defined where the error is 0, and jumps there.",
            "Its gradient has the same size for small and large errors, so steps do not get smaller near the optimum.",
        ),
    ),
    "softmax_loss": Topic(
        "the softmax loss (cross-entropy after softmax)",
        (
            "Softmax turns scores into probabilities; the loss is minus the logarithm of the right class's.",
            "It is a loss for classification, with the target one-hot.",
        ),
        (
            "It is 0 only if the right class has probability 1, and grows without limit as that goes to 0.",
            "Its gradient by the scores is $\\mathbf{p} - \\mathbf{y}$: it is large where the network is surely wrong.",
            "It uses the whole distribution, so the network also learns how sure it may be.",
        ),
        (
            "It needs one right class an input: for several labels at once each needs a sigmoid and a loss of its own.",
            "A wrongly labelled example can cause a very large loss.",
            "It keeps pushing scores apart even when all answers are right, which makes networks overconfident.",
        ),
    ),
    "gradient_descent": Topic(
        "gradient descent",
        (
            "The weights are moved against the gradient of the loss: $w_{t+1} = w_t - \\alpha \\nabla L(w_t)$.",
            "The gradient points where the loss rises fastest, so a small step against it lowers the loss.",
        ),
        (
            "It works for any network whose loss has gradients, however many weights there are.",
            "One backward pass gives the gradients of all weights at once.",
        ),
        (
            "It may stop in a local minimum, or linger at a saddle point.",
            "It depends on the learning rate: too large diverges, too small is slow.",
            "With all the data in each step a single update is expensive.",
        ),
    ),
    "learning_rate": Topic(
        "the learning rate",
        (
            "It is the factor that scales the gradient in each update.",
            "It is chosen before training, not learnt, and is often lowered as training goes on.",
        ),
        (
            "A large one makes progress fast at the beginning.",
            "A small one lets the weights settle near a minimum.",
        ),
        (
            "Too large, and the loss jumps to and fro or grows without limit.",
            "Too small, and training takes very many steps or gets stuck.",
        ),
    ),
    "full_batch": Topic(
        "full-batch training",
        (
            "Each update uses the mean gradient over the whole training set.",
            "There is one update an epoch.",
        ),
        (
            "The gradient is exact for the training set, so the loss falls smoothly.",
            "All samples can be processed side by side, if they fit into memory.",
        ),
        (
            "A single update is expensive when the set is large.",
            "The whole set has to be kept in memory, or read anew for each update.",
            "Without noise it is more easily caught in a poor minimum.",
        ),
    ),
    "sgd": Topic(
        "stochastic gradient descent (one sample at a time)",
        (
            "Each update uses the gradient of a single sample, drawn at random.",
            "There are as many updates an epoch as there are samples.",
        ),
        (
            "An update is cheap and needs little memory.",
            "The weights begin to improve before the whole set has been seen.",
            "Its noise can carry the weights out of poor minima.",
        ),
        (
            "The gradient is noisy, so the loss goes up and down.",
            "It makes poor use of parallel hardware.",
        ),
    ),
    "minibatch": Topic(
        "minibatch training",
        (
            "Each update uses the mean gradient over a few samples drawn at random.",
            "$N$ samples in batches of $B$ give $N/B$ updates an epoch, rounded up.",
        ),
        (
            "The mean over a batch is less noisy than a single sample's gradient.",
            "An update is far cheaper than one over the whole set.",
            "The samples of a batch are processed side by side, which suits GPUs.",
            "Some noise remains and helps to leave poor minima.",
        ),
        (
            "The batch size is one more number to choose.",
            "Large batches need much memory for their feature maps.",
        ),
    ),
    "computational_graph": Topic(
        "the computational graph",
        (
            "It has a node for every operation and an edge for every value that goes from one to another.",
            "The forward pass computes the values, the backward pass the gradients, in the opposite order.",
            "In an unrolled RNN the same weight matrix enters at every step, so its gradients are added up.",
        ),
        (
            "Gradients of any composition follow from the derivatives of single operations.",
            "Programs can build it by themselves, so nobody derives gradients by hand.",
        ),
        ("Values of the forward pass have to be kept for the backward pass, which needs memory.",),
    ),
    "backpropagation": Topic(
        "backpropagation",
        (
            "It applies the chain rule backwards through the network, from the loss to every weight.",
            "At each node the gradient that arrives is multiplied by the local derivative.",
            "Where a value is used several times, the gradients that come back are added.",
        ),
        (
            "All gradients together cost only about twice as much as a forward pass.",
            "It is exact, unlike finite differences.",
        ),
        (
            "The values of the forward pass must be stored.",
            "Products of many small or large factors let gradients vanish or explode.",
        ),
    ),
    "vanishing_gradients": Topic(
        "vanishing gradients",
        (
            "A gradient that is multiplied by many small factors on its way back shrinks towards 0.",
            "In an RNN without nonlinearity it shrinks if the largest singular value of $\\mathbf{W}_{hh}$ is below 1.",
            "The slopes of tanh (at most 1) and sigmoid (at most 0.25) make it worse.",
            "Remedies are another architecture (LSTM, GRU), residual connections, and ReLU.",
        ),
        (),
        (
            "Early layers, or inputs many steps back, hardly influence the update, so they are not learnt.",
            "Gradient clipping does not help, since it only makes large gradients smaller.",
        ),
    ),
    "exploding_gradients": Topic(
        "exploding gradients",
        (
            "A gradient that is multiplied by many large factors on its way back grows without limit.",
            "In an RNN without nonlinearity that takes a largest singular value of $\\mathbf{W}_{hh}$ above 1.",
            "The usual remedy is gradient clipping: a gradient whose norm is too large is scaled down.",
            "Backpropagating through fewer steps, or smaller learning rates, lessen the harm.",
        ),
        (),
        (
            "An update becomes so large that what was learnt is lost and the loss jumps.",
            "Numbers overflow, and the loss becomes infinite or is no number any more.",
        ),
    ),
    "gradient_clipping": Topic(
        "gradient clipping",
        (
            "If the norm of the gradient exceeds a threshold, the gradient is multiplied by threshold over norm.",
            "Smaller gradients stay as they are.",
        ),
        (
            "No update can be larger than the threshold allows, so exploding gradients do no harm.",
            "The direction of the gradient is kept when its norm is clipped.",
            "It is cheap and needs no change to the network.",
        ),
        (
            "It does nothing against vanishing gradients.",
            "The threshold has to be chosen: too low slows training, too high has no effect.",
        ),
    ),
    "batch_norm": Topic(
        "batch normalisation",
        (
            "Each channel is given mean 0 and variance 1 over the batch, then scaled and shifted by learnt numbers.",
            "At test time running averages from training stand in for the batch's mean and variance.",
        ),
        (
            "Training is faster and bears larger learning rates.",
            "The network depends less on how its weights were initialised.",
            "The noise of the batch acts as a mild regulariser.",
        ),
        (
            "It works badly with very small batches, whose mean and variance are poor estimates.",
            "It behaves differently in training and at test time, a source of errors.",
            "It suits sequences of varying length badly; layer norm is used there.",
        ),
    ),
    "dropout": Topic(
        "dropout",
        (
            "In training each unit is set to 0 with a given probability; at test time all units are used.",
            "AlexNet used it in its fully connected layers.",
        ),
        (
            "It lessens overfitting, since no unit can rely on a particular other one.",
            "It acts like averaging over many thinned networks at the cost of one.",
        ),
        (
            "Training takes more steps, since the gradients are noisier.",
            "The rate is one more number to choose, and too high a rate leads to underfitting.",
        ),
    ),
    "data_augmentation": Topic(
        "data augmentation",
        (
            "Training images are changed at random (cropped, mirrored, recoloured) while their label stays.",
            "It is used in training only, except for averages over several crops.",
        ),
        (
            "It makes more of few labelled images.",
            "It lessens overfitting.",
            "The network learns to ignore what does not change the class, such as small shifts.",
        ),
        (
            "A change that alters the class, such as mirroring a letter, teaches what is wrong.",
            "Training takes longer, since there is more variety to learn.",
        ),
    ),
    "transfer_learning": Topic(
        "pretraining and fine-tuning",
        (
            "A network is trained on a very large set first, and then trained on with the data of the task.",
            "The last layer is replaced to suit the classes of the task.",
        ),
        (
            "The task needs far less labelled data of its own.",
            "Fine-tuning takes less time than training from the beginning.",
            "It makes models such as ViT usable, which little data could not train.",
        ),
        (
            "Pretraining is expensive, so one depends on what others have trained.",
            "It helps little where the task's data look very different.",
            "Fine-tuning on little data can still overfit, or spoil what was learnt before.",
        ),
    ),
    "knowledge_distillation": Topic(
        "knowledge distillation",
        (
            "A small student network is trained to imitate the outputs of a large teacher network.",
            "The teacher's probabilities also tell which wrong classes are similar to the right one.",
        ),
        (
            "The student needs little memory and computation, so it fits a phone.",
            "It is more accurate than the same network trained on the labels alone.",
        ),
        (
            "The teacher has to be trained first, or along with the student.",
            "The student usually stays somewhat less accurate than its teacher.",
        ),
    ),
}
